package dev.kemas.cli.command;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import java.util.ArrayList;
import java.util.List;

/** {@code inspect} of one kind of object: JSON with four spaces, or a template for each object. */
public abstract class Inspecting extends Command {
  protected Inspecting() {}

  @Override
  public int least() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.value(
        "format",
        'f',
        "string",
        "Format output using a custom template: 'json', or a Go template such as"
            + " '{{.State.Status}}'");
  }

  /** The request that shows one object. */
  protected abstract Request request(Flags flags, String name);

  /** The object of that name. */
  protected Json find(Session session, Flags flags, String name) {
    return session.json(request(flags, name));
  }

  @Override
  public final int run(Session session, Flags flags) {
    List<Json> found = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (String name : flags.arguments()) {
      try {
        found.add(find(session, flags, name));
      } catch (Fault.NotFound | Fault.InvalidArgument fault) {
        errors.add(fault.getMessage());
      }
    }
    print(session.console(), flags.text("format"), found);
    for (String error : errors) {
      session.console().error(error);
    }
    return errors.isEmpty() ? 0 : 1;
  }

  private static void print(Console console, String format, List<Json> found) {
    if (format.isEmpty() || format.equals("json")) {
      Json.Arr all = new Json.Arr();
      for (Json json : found) {
        all.add(json);
      }
      console.line(format.isEmpty() ? all.pretty("    ") : all.write());
      return;
    }
    try {
      Template template = Template.parse(format.replace("\\t", "\t").replace("\\n", "\n"));
      for (Json json : found) {
        console.line(template.apply(json));
      }
    } catch (TemplateError e) {
      throw new Exit(1, "template parsing error: " + e.getMessage(), e);
    }
  }
}
