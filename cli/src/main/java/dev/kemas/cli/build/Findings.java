package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import java.util.List;

/** What the build checks found, with the lines that it is about. */
final class Findings {
  private static final int AROUND = 2;
  private static final String RULE = "--------------------\n";

  private Findings() {}

  /** Whether there is anything to tell. */
  static boolean any(Json check) {
    return !check.get("warnings").items().isEmpty() || !check.text("error").isEmpty();
  }

  static String text(Json check) {
    List<Json> warnings = check.get("warnings").items();
    String error = check.text("error");
    Json source =
        check.get("sources").items().isEmpty()
            ? Json.Null.VALUE
            : check.get("sources").items().getFirst();
    if (warnings.isEmpty() && error.isEmpty()) {
      return "Check complete, no warnings found.\n";
    }
    StringBuilder out = new StringBuilder();
    if (!warnings.isEmpty()) {
      out.append("Check complete, ").append(warnings.size());
      out.append(
          warnings.size() == 1 ? " warning has been found!\n" : " warnings have been found!\n");
    }
    for (Json warning : warnings) {
      out.append("\nWARNING: ").append(warning.text("rule"));
      out.append(warning.text("url").isEmpty() ? "" : " - " + warning.text("url"));
      out.append('\n').append(warning.text("detail")).append('\n');
      excerpt(out, source, warning.get("lines").items());
    }
    if (!error.isEmpty()) {
      out.append(out.isEmpty() ? "" : "\n").append("ERROR: ").append(error).append('\n');
      excerpt(out, source, check.get("errorLines").items());
    }
    return out.toString();
  }

  private static void excerpt(StringBuilder out, Json source, List<Json> marked) {
    if (marked.isEmpty()) {
      return;
    }
    String[] lines = source.text("text").split("\n", -1);
    int first = (int) marked.getFirst().number();
    int last = (int) marked.getLast().number();
    out.append(source.text("file")).append(':').append(first).append('\n').append(RULE);
    for (int at = Math.max(1, first - AROUND); at <= Math.min(lines.length, last + AROUND); at++) {
      boolean past = at == lines.length && lines[at - 1].isEmpty();
      if (!past) {
        String mark = at >= first && at <= last ? ">>>" : "   ";
        out.append("%4d | %s %s".formatted(at, mark, lines[at - 1]).stripTrailing()).append('\n');
      }
    }
    out.append(RULE);
  }
}
