package dev.kemas.build.plan;

import dev.kemas.dockerfile.Lint;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.util.List;

/**
 * What a build will do.
 *
 * @param stages those that the target needs, in the order of the Dockerfile; the last is the target
 * @param globals the texts of the ARGs before the first FROM, which count as steps
 * @param warnings for the user: build arguments nobody asked for, say
 * @param findings of the build checks, in the order of the lines
 */
public record Plan(
    Graph graph,
    List<String> globals,
    List<PlannedStage> stages,
    Platform platform,
    List<String> warnings,
    List<Lint> findings) {
  public Plan {
    findings = List.copyOf(findings);
    globals = List.copyOf(globals);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /** The stage whose image is asked for. */
  public PlannedStage target() {
    return stages.getLast();
  }

  /** How many steps there are to count. */
  public int steps() {
    return globals.size() + stages.stream().mapToInt(stage -> stage.steps().size()).sum();
  }

  /** The plan as text, for people and for tests. */
  public String print() {
    StringBuilder out = new StringBuilder();
    for (Vertex vertex : graph.vertices()) {
      out.append(vertex).append('\n');
    }
    for (PlannedStage stage : stages) {
      out.append("stage ").append(stage.label()).append(" = #").append(stage.vertex()).append('\n');
      for (Step step : stage.steps()) {
        out.append("  %s #%d %s%n".formatted(step.kind(), step.vertex(), step.text()));
      }
    }
    out.append("config ").append(Json.text(target().config())).append('\n');
    if (!target().author().isEmpty()) {
      out.append("author ").append(target().author()).append('\n');
    }
    for (HistoryItem item : target().history()) {
      out.append(
          switch (item) {
            case HistoryItem.Inherited inherited ->
                "history - " + inherited.entry().createdBy().orElse("") + "\n";
            case HistoryItem.Made made when made.vertex().isPresent() ->
                "history #" + made.vertex().getAsInt() + " " + made.createdBy() + "\n";
            case HistoryItem.Made made -> "history . " + made.createdBy() + "\n";
          });
    }
    warnings.forEach(warning -> out.append("warning ").append(warning).append('\n'));
    return out.toString();
  }
}
