package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What the messages of a build carry beside their text. */
final class Outcome {
  private String id = "";
  private String cacheManifest = "";
  private Runnable shell = () -> {};
  private final List<Json> explained = new ArrayList<>();
  private Json answer = Json.Null.VALUE;
  private Json exported = Json.object();

  /** Does this when the engine is about to open a shell in a step that failed. */
  void onShell(Runnable action) {
    shell = action;
  }

  void take(Json aux) {
    if (aux.get("shell").isTrue()) {
      shell.run();
    }
    if (!aux.text("ID").isEmpty()) {
      id = aux.text("ID");
    }
    if (!aux.text("cacheManifest").isEmpty()) {
      cacheManifest = aux.text("cacheManifest");
    }
    explained.addAll(aux.get("explained").items());
    if (!aux.get("exported").isNull()) {
      exported = aux.get("exported");
    }
    for (String question : List.of("check", "outline", "targets")) {
      if (!aux.get(question).isNull()) {
        answer = aux.get(question);
      }
    }
  }

  /** The image; empty when the engine did not say. */
  String id() {
    return id;
  }

  /** The manifest of a cache that was left in a folder of ours; empty when none was. */
  String cacheManifest() {
    return cacheManifest;
  }

  /** The steps with their causes; none when no step ran. */
  List<Json> explained() {
    return explained;
  }

  /** The answer to a question; null when there is none. */
  Json answer() {
    return answer;
  }

  /** What goes into {@code --metadata-file}. */
  Json.Obj metadata(List<String> tags, boolean withReasons) {
    Json.Obj metadata = Json.object();
    if (!id.isEmpty()) {
      // another engine says no more than this
      metadata.put("containerimage.config.digest", id);
    }
    exported.fields().forEach(metadata::put);
    String descriptor = "containerimage.descriptor";
    if (!exported.text(descriptor).isEmpty()) {
      byte[] json = Base64.getDecoder().decode(exported.text(descriptor));
      metadata.put(descriptor, Json.parse(new String(json, StandardCharsets.UTF_8)));
    }
    if (!tags.isEmpty()) {
      metadata.put("image.name", String.join(",", tags));
    }
    if (withReasons) {
      Json.Arr steps = new Json.Arr();
      explained.forEach(steps::add);
      metadata.put("kemas.explain", steps);
    }
    return metadata;
  }

  /** Why the steps ran, for people. */
  String account() {
    if (explained.isEmpty()) {
      return "\nEvery step's result was in the cache.\n";
    }
    StringBuilder out = new StringBuilder("\nWhy the steps ran\n");
    StringBuilder roots = new StringBuilder();
    for (Json step : explained) {
      out.append("  %2d  %s%n".formatted(step.get("number").number(), shortened(step)));
      if (step.get("hit").isTrue()) {
        out.append("      cached\n");
        continue;
      }
      boolean owns = false;
      for (Json cause : step.get("causes").items()) {
        if (cause.get("own").isTrue()) {
          owns = true;
          out.append("      ran: ").append(cause.text("text")).append('\n');
          String root = "  " + cause.text("text") + "\n";
          if (roots.indexOf(root) < 0) {
            roots.append(root);
          }
        }
      }
      if (!step.get("first").isNull()) {
        out.append(owns ? "      and it follows " : "      ran: it follows ");
        out.append("step ").append(step.get("first").number()).append('\n');
      }
    }
    if (!roots.isEmpty()) {
      out.append("\nWhat made them run\n").append(roots);
    }
    return out.toString();
  }

  private static String shortened(Json step) {
    String text = step.text("text").replaceAll("\\s+", " ");
    return text.length() > 70 ? text.substring(0, 67) + "..." : text;
  }

  /** The answer to {@code --call}, for people. */
  String told(String question) {
    return switch (question) {
      case "check" -> Findings.text(answer);
      case "outline" -> outline();
      default -> targets();
    };
  }

  private String targets() {
    StringBuilder out = new StringBuilder();
    row(out, "TARGET", "DESCRIPTION");
    for (Json target : answer.get("targets").items()) {
      String name = target.text("name").isEmpty() ? "(no name)" : target.text("name");
      row(
          out,
          name + (target.get("default").isTrue() ? " (default)" : ""),
          target.text("description"));
    }
    return out.toString();
  }

  private String outline() {
    StringBuilder out = new StringBuilder();
    if (!answer.text("name").isEmpty()) {
      row(out, "TARGET:", answer.text("name"));
    }
    if (!answer.text("description").isEmpty()) {
      row(out, "DESCRIPTION:", answer.text("description"));
    }
    if (!answer.get("args").items().isEmpty()) {
      out.append("\n%-24s %-24s %s%n".formatted("BUILD ARG", "VALUE", "DESCRIPTION"));
      for (Json arg : answer.get("args").items()) {
        out.append(
            "%-24s %-24s %s"
                .formatted(arg.text("name"), arg.text("value"), arg.text("description"))
                .stripTrailing());
        out.append('\n');
      }
    }
    for (Map.Entry<String, String> kind :
        List.of(
            Map.entry("secrets", "SECRET"),
            Map.entry("ssh", "SSH"),
            Map.entry("caches", "CACHE MOUNT"))) {
      List<Json> all = answer.get(kind.getKey()).items();
      if (!all.isEmpty()) {
        out.append('\n');
        row(out, kind.getValue(), kind.getKey().equals("caches") ? "" : "REQUIRED");
        for (Json one : all) {
          row(out, one.text("name"), one.get("required").isTrue() ? "true" : "");
        }
      }
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String left, String right) {
    out.append("%-24s %s".formatted(left, right).stripTrailing()).append('\n');
  }
}
