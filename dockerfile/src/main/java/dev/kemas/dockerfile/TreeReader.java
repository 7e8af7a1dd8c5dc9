package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
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
      int last = Math.max(1, lastLine());
      throw Problem.fault(name, new SourceRange(last, 1, last, 1), "", "file with no instructions");
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

  /**
   * Directives end at the first line that is none: reference, "Parser directives". Behind a line
   * that names an interpreter, only those count that are not about how the file is read.
   */
  private void readDirectives() {
    boolean interpreter = false;
    while (next < lines.size()) {
      String line = trimmedEnd(lines.get(next)).stripLeading();
      if (next == 0 && line.startsWith("#!")) {
        next++;
        interpreter = true;
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
        throw here("only one %s parser directive can be used".formatted(key));
      }
      if (!interpreter || !key.equals("escape")) {
        apply(key, matcher.group(2));
      }
    }
  }

  private Fault.InvalidArgument here(String message) {
    int length = Math.max(1, trimmedEnd(lines.get(next - 1)).length());
    return Problem.fault(name, new SourceRange(next, 1, next, length), "", message);
  }

  private void apply(String key, String value) {
    switch (key) {
      case "syntax" ->
          directives = new Directives(Optional.of(value), directives.escape(), directives.checks());
      case "escape" -> {
        if (!value.equals("\\") && !value.equals("`")) {
          throw here("invalid escape token '%s' does not match ` or \\".formatted(value));
        }
        directives = new Directives(directives.syntax(), value.charAt(0), directives.checks());
      }
      default -> {
        try {
          CheckSettings checks = CheckSettings.read(value.split(" ", 2)[0]);
          directives = new Directives(directives.syntax(), directives.escape(), checks);
        } catch (Problem problem) {
          throw here("failed to parse check options: " + problem.text());
        }
      }
    }
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
      emptyContinuations.add(new SourceRange(endLine, 1, endLine, range.endColumn()));
    }
    if (logical.text().isBlank()) {
      return;
    }
    try {
      nodes.add(new NodeReader(logical, directives.escape()).read(this::heredoc, comments, range));
    } catch (Problem problem) {
      String keyword = logical.text().strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
      throw Problem.fault(name, range, keyword, problem.text());
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
