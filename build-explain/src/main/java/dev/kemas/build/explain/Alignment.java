package dev.kemas.build.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which step of the build before is which of this one: within a stage first those of the same text,
 * in order, then between them those that begin with the same word.
 */
final class Alignment {
  private final Map<Integer, Past.Known> same = new HashMap<>();
  private final Map<Integer, List<Past.Known>> removed = new HashMap<>();

  private Alignment() {}

  static Alignment of(List<StepOutcome> now, List<Past.Known> past) {
    Map<String, List<StepOutcome>> stages = new LinkedHashMap<>();
    now.forEach(step -> stages.computeIfAbsent(step.stage(), s -> new ArrayList<>()).add(step));
    Map<String, List<Past.Known>> old = new LinkedHashMap<>();
    past.forEach(step -> old.computeIfAbsent(step.stage(), s -> new ArrayList<>()).add(step));
    Alignment alignment = new Alignment();
    stages.forEach((stage, steps) -> alignment.stage(steps, old.getOrDefault(stage, List.of())));
    return alignment;
  }

  /** The same step in the build before. */
  Optional<Past.Known> of(StepOutcome step) {
    return Optional.ofNullable(same.get(step.number()));
  }

  /** Steps of the build before that stood right above this one and are no more. */
  List<Past.Known> removedBefore(StepOutcome step) {
    return removed.getOrDefault(step.number(), List.of());
  }

  private void stage(List<StepOutcome> now, List<Past.Known> past) {
    int[][] longest = new int[now.size() + 1][past.size() + 1];
    for (int i = now.size() - 1; i >= 0; i--) {
      for (int j = past.size() - 1; j >= 0; j--) {
        longest[i][j] =
            now.get(i).text().equals(past.get(j).text())
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    List<StepOutcome> changed = new ArrayList<>();
    List<Past.Known> gone = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < now.size() || j < past.size()) {
      if (i < now.size() && j < past.size() && now.get(i).text().equals(past.get(j).text())) {
        between(changed, gone, Optional.of(now.get(i)));
        same.put(now.get(i).number(), past.get(j));
        i++;
        j++;
      } else if (j == past.size() || (i < now.size() && longest[i + 1][j] >= longest[i][j + 1])) {
        changed.add(now.get(i));
        i++;
      } else {
        gone.add(past.get(j));
        j++;
      }
    }
    between(changed, gone, Optional.empty());
  }

  /** Pairs what is left between two steps that stayed. */
  private void between(
      List<StepOutcome> changed, List<Past.Known> gone, Optional<StepOutcome> next) {
    for (StepOutcome step : changed) {
      List<Past.Known> skipped = new ArrayList<>();
      Optional<Past.Known> found = Optional.empty();
      for (Past.Known old : gone) {
        if (keyword(old.text()).equals(keyword(step.text()))) {
          found = Optional.of(old);
          break;
        }
        skipped.add(old);
      }
      if (found.isPresent()) {
        same.put(step.number(), found.get());
        removed.put(step.number(), List.copyOf(skipped));
        gone.removeAll(skipped);
        gone.remove(found.get());
      }
    }
    if (next.isPresent() && !gone.isEmpty()) {
      removed.put(next.get().number(), List.copyOf(gone));
    }
    changed.clear();
    gone.clear();
  }

  static String keyword(String text) {
    return text.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
  }
}
