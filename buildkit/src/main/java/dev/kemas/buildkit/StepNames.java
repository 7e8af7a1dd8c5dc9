package dev.kemas.buildkit;

import dev.kemas.build.BuildEvent.PlannedStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How BuildKit calls the steps of a build: {@code [build 2/4] RUN make}. Steps that change nothing
 * but the configuration have no name, for they are not shown.
 */
final class StepNames {
  private static final Pattern SCRATCH =
      Pattern.compile("(?is)FROM\\s+(--\\S+\\s+)*scratch(\\s.*)?");

  private StepNames() {}

  /** The names by the steps' numbers. */
  static Map<Integer, String> of(List<PlannedStep> steps) {
    Map<Integer, Integer> totals = new HashMap<>();
    steps.stream()
        .filter(StepNames::shown)
        .forEach(step -> totals.merge(step.stage(), 1, Integer::sum));
    boolean platforms = steps.stream().map(PlannedStep::platform).distinct().count() > 1;
    boolean single =
        steps.stream().map(PlannedStep::stage).distinct().count()
            == steps.stream().map(PlannedStep::platform).distinct().count();
    Map<Integer, Integer> counts = new HashMap<>();
    Map<Integer, String> names = new HashMap<>();
    for (PlannedStep step : steps) {
      if (shown(step)) {
        int total = totals.getOrDefault(step.stage(), 0);
        int count = counts.merge(step.stage(), 1, Integer::sum);
        names.put(step.number(), prefix(step, platforms, single, count, total) + step.text());
      }
    }
    return names;
  }

  /** FROM is shown where it names an image: nothing is done for a stage or for scratch. */
  private static boolean shown(PlannedStep step) {
    return step.kind()
        .map(kind ->
            switch (kind) {
              case OPERATION -> true;
              case BASE -> step.inputs().isEmpty() && !SCRATCH.matcher(step.text()).matches();
              case METADATA -> false;
            })
        .orElse(false);
  }

  private static String prefix(
      PlannedStep step, boolean platforms, boolean single, int count, int total) {
    StringBuilder text = new StringBuilder("[");
    if (platforms) {
      text.append(step.platform()).append(' ');
    }
    boolean named = !step.label().matches("[0-9]+");
    if (named) {
      text.append(step.label()).append(' ');
    } else if (!single) {
      text.append("stage-").append(step.label()).append(' ');
    }
    int digits = Integer.toString(total).length();
    return text.append(("%" + digits + "d/%d] ").formatted(count, total)).toString();
  }
}
