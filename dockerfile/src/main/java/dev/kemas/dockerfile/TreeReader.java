package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines to nodes: directives, comments, continuations, heredocs. One use, one thread. */
final class TreeReader {
  private static final Pattern DIRECTIVE =
      Pattern.compile("^#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*$");
  private static final Set<String> DIRECTIVES = Set.of("syntax", "escape", "check");

  private final String name;
  private final List<String> lines;
  private final List<Node> nodes = new ArrayList<>();
  private final List<SourceRange> emptyContinuations = new ArrayList<>();
  private final Set<String> seenDirectives = new HashSet<>();
  private Directives directives = Directives.DEFAULT;
  private List<String> comments = new ArrayList<>();

  /** Index of the next physical line, so also the number of the line read last. */
  private int next;

  TreeReader(String name, String text) {
    this.name = name;
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.lines = List.of(body.split("\n", -1));
  }

  SyntaxTree read() {
    readDirectives();
    while (next < lines.size()) {
      String line = trimmedEnd(lines.get(next));
      next++;
      String stripped = line.stripLeading();
      if (stripped.isEmpty()) {
        continue;
      }
      if (stripped.startsWith("#")) {
        noteComment(stripped.substring(1).strip());
        continue;
      }
      readInstruction(line, line.length() - stripped.length());
    }
    if (nodes.isEmpty()) {
      throw Problem.fault(name, Math.max(1, lastLine()), "", "file with no instructions");
    }
    return new SyntaxTree(directives, List.copyOf(nodes), List.copyOf(emptyContinuations));
  }

  private int lastLine() {
    int last = lines.size();
    return last > 1 && lines.get(last - 1).isEmpty() ? last - 1 : last;
  }

  private static String trimmedEnd(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\r') {
      end--;
    }
    return line.substring(0, end);
  }

  private void noteComment(String comment) {
    if (comment.isEmpty()) {
      comments.clear();
    } else {
      comments.add(comment);
    }
  }

  /** Directives end at the first line that is none: reference, "Parser directives". */
  private void readDirectives() {
    while (next < lines.size()) {
      String line = trimmedEnd(lines.get(next));
      if (next == 0 && line.startsWith("#!")) {
        next++;
        continue;
      }
      Matcher matcher = DIRECTIVE.matcher(line);
      if (!matcher.matches()) {
        return;
      }
      String key = matcher.group(1).toLowerCase(Locale.ROOT);
      if (!DIRECTIVES.contains(key)) {
        return;
      }
      next++;
      if (!seenDirectives.add(key)) {
        throw Problem.fault(
            name, next, "", "only one %s parser directive can be used".formatted(key));
      }
      apply(key, matcher.group(2));
    }
  }

  private void apply(String key, String value) {
    switch (key) {
      case "syntax" ->
          directives =
              new Directives(
                  Optional.of(value),
                  directives.escape(),
                  directives.skippedChecks(),
                  directives.checksAreErrors());
      case "escape" -> {
        if (!value.equals("\\") && !value.equals("`")) {
          throw Problem.fault(
              name, next, "", "invalid escape token '%s' does not match ` or \\".formatted(value));
        }
        directives =
            new Directives(
                directives.syntax(),
                value.charAt(0),
                directives.skippedChecks(),
                directives.checksAreErrors());
      }
      default -> applyCheck(value);
    }
  }

  private void applyCheck(String value) {
    Set<String> skipped = new HashSet<>();
    boolean errors = false;
    for (String part : value.split(";", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
      String setting = equals < 0 ? "" : part.substring(equals + 1).strip();
      switch (key) {
        case "skip" -> {
          for (String rule : setting.split(",", -1)) {
            skipped.add(rule.strip());
          }
        }
        case "error" -> {
          if (!setting.equals("true") && !setting.equals("false")) {
            throw Problem.fault(
                name, next, "", "invalid value for check option error: \"%s\"".formatted(setting));
          }
          errors = setting.equals("true");
        }
        case "experimental" -> {
          // names rules that Docker is still trying out; none of those exists here
        }
        default ->
            throw Problem.fault(name, next, "", "invalid check option \"%s\"".formatted(key));
      }
    }
    directives =
        new Directives(directives.syntax(), directives.escape(), Set.copyOf(skipped), errors);
  }

  private void readInstruction(String first, int indent) {
    int startLine = next;
    LogicalLine logical = new LogicalLine();
    boolean continued = appendLine(logical, first, indent);
    boolean hadEmpty = false;
    while (continued && next < lines.size()) {
      String line = trimmedEnd(lines.get(next));
      next++;
      String stripped = line.stripLeading();
      if (stripped.startsWith("#")) {
        continue;
      }
      if (stripped.isEmpty()) {
        // the text after the file's last line end is no line
        hadEmpty |= next < lines.size();
        continue;
      }
      continued = appendLine(logical, line, 0);
    }
    int endLine = Math.min(next, lastLine());
    SourceRange range =
        new SourceRange(
            startLine,
            indent + 1,
            endLine,
            Math.max(1, trimmedEnd(lines.get(endLine - 1)).length()));
    if (hadEmpty) {
      emptyContinuations.add(range);
    }
    if (logical.text().isBlank()) {
      return;
    }
    try {
      nodes.add(new NodeReader(logical, directives.escape()).read(this::heredoc, comments, range));
    } catch (Problem problem) {
      String keyword = logical.text().strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
      throw Problem.fault(name, startLine, keyword, problem.text());
    }
    comments = new ArrayList<>();
  }

  /** Appends without the continuation character; true when there was one. */
  private boolean appendLine(LogicalLine logical, String line, int indent) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    char escape = directives.escape();
    boolean continued =
        end > indent
            && line.charAt(end - 1) == escape
            && (end - 2 < indent || line.charAt(end - 2) != escape);
    logical.append(line.substring(indent, continued ? end - 1 : line.length()), next, indent + 1);
    return continued;
  }

  private Heredoc heredoc(HeredocOpening opening) throws Problem {
    int startLine = next + 1;
    StringBuilder content = new StringBuilder();
    while (next < lines.size()) {
      String raw = lines.get(next);
      next++;
      String terminator = trimmedEnd(raw);
      if (opening.stripTabs()) {
        int tabs = 0;
        while (tabs < terminator.length() && terminator.charAt(tabs) == '\t') {
          tabs++;
        }
        terminator = terminator.substring(tabs);
      }
      if (terminator.equals(opening.name())) {
        SourceRange range = new SourceRange(startLine, 1, next, Math.max(1, raw.length()));
        return new Heredoc(
            opening.name(), content.toString(), opening.stripTabs(), opening.expand(), range);
      }
      content.append(raw).append('\n');
    }
    throw new Problem("unterminated heredoc: no line reads just \"%s\"".formatted(opening.name()));
  }
}
