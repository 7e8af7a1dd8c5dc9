package dev.kemas.build.explain;

import dev.kemas.build.explain.Cause.Kind;
import dev.kemas.build.plan.Facts;
import dev.kemas.build.plan.Step;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Lays a build beside the one before it. A pure function. */
public final class Explainer {
  private final Optional<Past> past;
  private final List<StepOutcome> steps;
  private final Map<Integer, StepOutcome> byNumber = new HashMap<>();
  private final Map<Integer, Optional<StepOutcome>> before = new HashMap<>();
  private final Map<Integer, Set<Integer>> lineages = new HashMap<>();

  /** Steps above which an instruction went. */
  private final Set<Integer> lost = new HashSet<>();

  private Explainer(List<StepOutcome> steps, Optional<Past> past) {
    this.past = past;
    this.steps = steps;
    Map<String, StepOutcome> last = new HashMap<>();
    for (StepOutcome step : steps) {
      byNumber.put(step.number(), step);
      before.put(step.number(), Optional.ofNullable(last.put(step.stage(), step)));
    }
  }

  /**
   * Explains each step of a build.
   *
   * @param steps in the order of their numbers, those of a stage after one another
   * @param past the build before; empty when nothing is known of one
   */
  public static List<Explanation> explain(List<StepOutcome> steps, Optional<Past> past) {
    Alignment alignment = Alignment.of(steps, past.map(Past::steps).orElse(List.of()));
    List<StepOutcome> judged = steps.stream().map(step -> judged(step, alignment)).toList();
    return new Explainer(judged, past).all(alignment);
  }

  /** Nothing is looked up for FROM: it is a hit when it names what it did before. */
  private static StepOutcome judged(StepOutcome step, Alignment alignment) {
    boolean same =
        step.kind() == Step.Kind.BASE
            && alignment.of(step).filter(was -> was.facts().equals(step.facts())).isPresent();
    return same ? step.asHit() : step;
  }

  /** What, all in all, made steps run: the causes that follow from no other step. */
  public static List<Cause> roots(List<Explanation> explanations) {
    return explanations.stream().flatMap(one -> one.own().stream()).distinct().toList();
  }

  private List<Explanation> all(Alignment alignment) {
    List<Explanation> all = new ArrayList<>();
    Map<String, List<Past.Known>> removed = new HashMap<>();
    for (StepOutcome step : steps) {
      List<Past.Known> above = removed.computeIfAbsent(step.stage(), none -> new ArrayList<>());
      above.addAll(alignment.removedBefore(step));
      if (step.hit()) {
        // what is set by an instruction that went may be missed further down
        above.removeIf(gone -> !gone.metadata());
        all.add(hit(step));
      } else {
        all.add(ran(step, alignment.of(step), above));
        above.clear();
      }
    }
    return all;
  }

  private static Explanation hit(StepOutcome step) {
    return new Explanation(step.number(), true, List.of(), OptionalInt.empty(), List.of());
  }

  private Explanation ran(StepOutcome step, Optional<Past.Known> same, List<Past.Known> removed) {
    List<Cause> causes = causes(step, same, removed);
    Set<Integer> above = lineage(step);
    OptionalInt first = above.stream().mapToInt(Integer::intValue).min();
    boolean setAbove =
        above.stream().anyMatch(number -> sets(byNumber.get(number)) || lost.contains(number))
            || !removed.isEmpty();
    if (!removed.isEmpty()) {
      lost.add(step.number());
    }
    List<Cause> own = new ArrayList<>();
    for (Cause cause : Consequences.without(causes)) {
      boolean general = cause.kind() == Kind.FIRST_BUILD || cause.kind() == Kind.CACHE_GONE;
      if (!cause.kind().isPassedOn()
          && !(cause.kind().isSetAbove() && setAbove)
          && !(general && first.isPresent())) {
        own.add(cause);
      }
    }
    return new Explanation(step.number(), false, causes, first, own);
  }

  /** Whether a step may set what others run with. */
  private static boolean sets(@org.jspecify.annotations.Nullable StepOutcome step) {
    return step != null
        && (step.kind() != Step.Kind.OPERATION || Alignment.keyword(step.text()).equals("WORKDIR"));
  }

  private List<Cause> causes(
      StepOutcome step, Optional<Past.Known> same, List<Past.Known> removedAbove) {
    if (step.fresh()) {
      return List.of(Cause.of(Kind.NO_CACHE));
    }
    if (past.isEmpty()) {
      return List.of(Cause.of(Kind.FIRST_BUILD));
    }
    List<Cause> causes = new ArrayList<>();
    for (Past.Known removed : removedAbove) {
      causes.add(
          new Cause(
              Kind.INSTRUCTION_REMOVED,
              removed.text(),
              Optional.of(Facts.digest(removed.text())),
              Optional.empty()));
    }
    if (same.isEmpty()) {
      causes.add(
          new Cause(
              Kind.INSTRUCTION_ADDED,
              step.text(),
              Optional.empty(),
              Optional.of(Facts.digest(step.text()))));
      return causes;
    }
    if (same.get().key().equals(step.key()) && causes.isEmpty()) {
      return List.of(Cause.of(Kind.CACHE_GONE));
    }
    causes.addAll(differences(same.get(), step));
    return causes;
  }

  private static List<Cause> differences(Past.Known was, StepOutcome is) {
    Set<String> names = new TreeSet<>(was.facts().keySet());
    names.addAll(is.facts().keySet());
    List<Cause> causes = new ArrayList<>();
    for (String name : names) {
      Optional<Digest> old = Optional.ofNullable(was.facts().get(name));
      Optional<Digest> now = Optional.ofNullable(is.facts().get(name));
      if (!old.equals(now)) {
        Cause cause = Cause.of(name, old, now);
        causes.add(
            cause.kind() == Kind.INSTRUCTION
                ? new Cause(Kind.INSTRUCTION, is.text(), old, now)
                : cause);
      }
    }
    return causes;
  }

  /** The numbers of all steps above this one that ran. */
  private Set<Integer> lineage(StepOutcome step) {
    Set<Integer> known = lineages.get(step.number());
    if (known != null) {
      return known;
    }
    Set<Integer> above = new HashSet<>();
    before.getOrDefault(step.number(), Optional.empty()).ifPresent(one -> include(above, one));
    for (int input : step.inputs()) {
      StepOutcome one = byNumber.get(input);
      if (one != null && input < step.number()) {
        include(above, one);
      }
    }
    lineages.put(step.number(), above);
    return above;
  }

  private void include(Set<Integer> above, StepOutcome one) {
    if (!one.hit()) {
      above.add(one.number());
    }
    above.addAll(lineage(one));
  }
}
