package dev.kemas.daemon.build;

import dev.kemas.api.ProgressMessage;
import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildQuestions;
import dev.kemas.build.explain.Explanation;
import dev.kemas.build.explain.ExplanationJson;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.dockerfile.Outline;
import dev.kemas.dockerfile.TargetList;
import dev.kemas.fault.Fault;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of our own in the answer of {@code POST /build}: why steps ran, what a build check
 * found, what a target can be given. One build; one thread at a time.
 */
final class Told {
  private final Map<Integer, String> steps = new HashMap<>();

  /** Notes the texts of the steps, which explanations have only numbers of. */
  void note(BuildEvent.Planned planned) {
    planned.steps().forEach(step -> steps.put(step.number(), step.text()));
  }

  /** Why each step ran; {@code own} marks causes that follow from no earlier step. */
  ProgressMessage explained(List<Explanation> explanations) {
    return ProgressMessage.told(
        "kemas.explain", Map.of("explained", ExplanationJson.of(explanations, steps)));
  }

  /** The manifest of a cache in a folder of the client's, whose index the client writes. */
  static ProgressMessage cache(String manifest) {
    return ProgressMessage.told("kemas.cache", Map.of("cacheManifest", manifest));
  }

  /**
   * The answer to a question that is asked in place of a build.
   *
   * @throws Fault.InvalidArgument when there is no such question
   */
  static ProgressMessage answer(String question, BuildQuestions asked) {
    Map<String, Object> answer =
        switch (question) {
          case "check" -> check(asked.check());
          case "outline" -> outline(asked.outline());
          case "targets" -> targets(asked.targets());
          default ->
              throw new Fault.InvalidArgument(
                  "invalid question \"" + question + "\": want check, outline or targets");
        };
    return ProgressMessage.told("kemas." + question, Map.of(question, answer));
  }

  private static Map<String, Object> check(LintResult result) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("warnings", result.warnings().stream().map(Told::warning).toList());
    result
        .error()
        .ifPresent(error -> {
          told.put("error", error.message());
          told.put("errorLines", lines(error.location()));
        });
    told.put(
        "sources",
        result.sources().stream()
            .map(source -> Map.of("file", source.filename(), "text", source.data()))
            .toList());
    return told;
  }

  private static Map<String, Object> warning(LintResult.Warning warning) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("rule", warning.ruleName());
    told.put("description", warning.description());
    told.put("url", warning.url());
    told.put("detail", warning.detail());
    told.put("lines", lines(warning.location()));
    return told;
  }

  private static List<Integer> lines(LintResult.Location location) {
    return location.ranges().stream().map(range -> range.start().line()).toList();
  }

  private static Map<String, Object> outline(Outline outline) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("name", outline.name());
    told.put("description", outline.description());
    told.put(
        "args",
        outline.args().stream()
            .map(arg ->
                Map.of("name", arg.name(), "value", arg.value(), "description", arg.description()))
            .toList());
    told.put(
        "secrets",
        outline.secrets().stream()
            .map(secret -> Map.of("name", secret.name(), "required", secret.required()))
            .toList());
    told.put(
        "ssh",
        outline.ssh().stream()
            .map(agent -> Map.of("name", agent.name(), "required", agent.required()))
            .toList());
    told.put("caches", outline.cache().stream().map(cache -> Map.of("name", cache.id())).toList());
    return told;
  }

  private static Map<String, Object> targets(TargetList list) {
    return Map.of(
        "targets",
        list.targets().stream()
            .map(target ->
                Map.of(
                    "name", target.name(),
                    "default", target.isDefault(),
                    "description", target.description(),
                    "base", target.base()))
            .toList());
  }
}
