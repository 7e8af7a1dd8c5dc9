package dev.kemas.cli.command;

import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import dev.kemas.text.Columns;
import java.util.List;
import java.util.Optional;

/**
 * The output of a list command: a table of the usual columns, a table or lines by {@code --format},
 * JSON, or names alone with {@code -q}.
 */
public final class Listing {
  private final String[] columns;
  private final Row headings;
  private final String quiet;

  /**
   * @param columns the fields of the usual table
   * @param headings gives the heading of each field
   * @param quiet the field that {@code -q} shows; "" where there is no such option
   */
  public Listing(String[] columns, Row headings, String quiet) {
    this.columns = columns;
    this.headings = headings;
    this.quiet = quiet;
  }

  /** Declares {@code --format}. */
  public static void declareFormat(Flags flags) {
    flags.value(
        "format",
        (char) 0,
        "string",
        "Format output using a custom template: 'table' (default), 'table TEMPLATE', 'json', or a"
            + " Go template such as '{{.ID}}'");
  }

  /** Prints the rows. */
  public void print(Session session, Flags flags, List<? extends Row> rows) {
    String format = flags.text("format");
    Console console = session.console();
    if (!quiet.isEmpty() && flags.isOn("quiet") && format.isEmpty()) {
      for (Row row : rows) {
        console.line(cell(row, quiet));
      }
      return;
    }
    if (format.isEmpty() || format.equals("table")) {
      console.print(table(rows));
      return;
    }
    console.print(formatted(format, rows));
  }

  private String table(List<? extends Row> rows) {
    Columns table = new Columns();
    table.add(cells(headings));
    for (Row row : rows) {
      table.add(cells(row));
    }
    return table.text();
  }

  private String[] cells(Row row) {
    String[] cells = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      cells[i] = cell(row, columns[i]);
    }
    return cells;
  }

  private static String cell(Row row, String name) {
    return row.field(name, List.of()).orElse("").toString();
  }

  private String formatted(String format, List<? extends Row> rows) {
    boolean isTable = format.startsWith("table ");
    String text = format.equals("json") ? "{{json .}}" : isTable ? format.substring(6) : format;
    Template template = parse(text.strip().replace("\\t", "\t").replace("\\n", "\n"));
    Columns table = new Columns();
    StringBuilder lines = new StringBuilder();
    if (isTable) {
      table.addTabbed(template.applyToHeadings(headings));
    }
    for (Row row : rows) {
      String line = apply(template, row);
      if (isTable) {
        table.addTabbed(line);
      } else {
        lines.append(line).append('\n');
      }
    }
    return isTable ? table.text() : lines.toString();
  }

  private static Template parse(String text) {
    try {
      return Template.parse(text);
    } catch (TemplateError e) {
      throw new Exit(1, "failed to parse template: " + e.getMessage(), e);
    }
  }

  private static String apply(Template template, Row row) {
    try {
      return template.apply(row);
    } catch (TemplateError e) {
      throw new Exit(1, "failed to execute template: " + e.getMessage(), e);
    }
  }

  /** Headings from pairs of field and heading. */
  public static Row headings(String... pairs) {
    return new Row() {
      @Override
      public Optional<Object> field(String name, List<Object> arguments) {
        for (int i = 0; i < pairs.length; i += 2) {
          if (pairs[i].equals(name)) {
            return Optional.of(pairs[i + 1]);
          }
        }
        return name.equals("Label") && !arguments.isEmpty()
            ? Optional.of(arguments.getFirst())
            : Optional.of("<no value>");
      }

      @Override
      public List<String> names() {
        return List.of();
      }
    };
  }
}
