package dev.kemas.build;

import dev.kemas.build.explain.StepOutcome;
import dev.kemas.build.plan.Facts;
import dev.kemas.build.plan.HistoryItem;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One stage being worked off, step by step. One use, one thread. */
final class StageRun {

  /** What all stages of a build have in common. */
  record Shared(
      Dockerfile dockerfile,
      Keys keys,
      CacheIndex cache,
      BuildRequest.Freshness freshness,
      Clock clock) {}

  private final Shared shared;
  private final Solver solver;
  private final Map<Integer, BuildEvent.PlannedStep> planned;
  private final PlannedStage stage;
  private final int position;
  private final boolean fresh;
  private int number;
  private Digest id;

  StageRun(
      Shared shared,
      Solver solver,
      PlannedStage stage,
      int position,
      int firstNumber,
      Map<Integer, BuildEvent.PlannedStep> planned) {
    this.planned = planned;
    this.shared = shared;
    this.solver = solver;
    this.stage = stage;
    this.position = position;
    this.fresh = shared.freshness().ignoresCache(stage.index(), stage.label());
    this.number = firstNumber;
    this.id = shared.keys().base(stage.base().map(base -> base.id()));
  }

  /** The number of the step that it is at. */
  int number() {
    return number;
  }

  /** Does all steps; returns the id of the last. */
  Digest run() {
    int last = stage.steps().size() - 1;
    for (int i = 0; i <= last; i++) {
      Step step = stage.steps().get(i);
      solver.check();
      if (step.kind() == Step.Kind.OPERATION) {
        solver.awaitInputs(step.vertex());
      }
      tell(new BuildEvent.StepStarted(number, solver.steps(), step.text()));
      String name =
          switch (step.kind()) {
            case BASE -> base(step);
            case METADATA -> metadata(step);
            case OPERATION -> operation(step);
          };
      // the last step of all is called by the image's id, which is not known yet
      if (i < last || !solver.isTarget(stage)) {
        tell(new BuildEvent.StepFinished(number, name));
      }
      if (i == 0 && stage.triggers() > 0) {
        tell(new BuildEvent.Triggers(number, stage.triggers()));
      }
      number++;
    }
    return id;
  }

  private void tell(BuildEvent event) {
    solver.tell(event);
  }

  private String base(Step step) {
    outcome(step, id, new TreeMap<>(), false);
    if (stage.parent().isPresent()) {
      id = solver.lastStep(stage.parent().get());
      return id.shortHex();
    }
    return stage.base().map(base -> base.id().shortHex()).orElse("");
  }

  private String metadata(Step step) {
    HistoryItem.Made made = made(step);
    Digest key = shared.keys().metadata(id, made.createdBy());
    Optional<CacheIndex.Entry> known = fresh ? Optional.empty() : shared.cache().find(key);
    if (known.isPresent()) {
      tell(new BuildEvent.StepCached(number));
      solver.remember(made, known.get());
    } else {
      CacheIndex.Entry entry = new CacheIndex.Entry(Optional.empty(), shared.clock().instant());
      shared.cache().put(key, entry);
      solver.remember(made, entry);
    }
    shared.cache().used(key, step.text(), Optional.empty());
    outcome(step, key, new TreeMap<>(), known.isPresent());
    id = key;
    return id.shortHex();
  }

  private String operation(Step step) {
    StepRunner.Outcome outcome;
    boolean maker = solver.isMaker(position, step.vertex());
    if (maker) {
      NumberedTeller teller = new NumberedTeller(number);
      try {
        outcome = solver.make(step.vertex(), fresh, teller).outcome();
      } catch (Fault.NotFound | Fault.InvalidArgument | Fault.DataLoss | Fault.Unavailable e) {
        throw teller.commandFailed ? e : placed(step, e);
      }
    } else {
      outcome = solver.await(step.vertex()).outcome();
    }
    if (outcome.cached() || !maker) {
      tell(new BuildEvent.StepCached(number));
    }
    solver.remember(made(step), outcome.entry());
    SortedMap<String, Digest> facts = solver.inputs(step.vertex());
    shared.cache().used(outcome.key(), step.text(), Optional.ofNullable(facts.get(Facts.PARENT)));
    facts.putAll(outcome.facts());
    outcome(step, outcome.key(), facts, outcome.cached());
    id = shared.keys().step(id, outcome.key());
    return id.shortHex();
  }

  private void outcome(Step step, Digest key, SortedMap<String, Digest> more, boolean hit) {
    SortedMap<String, Digest> facts = new TreeMap<>(step.facts());
    facts.putAll(more);
    BuildEvent.PlannedStep plan = planned.get(number);
    solver.outcome(
        new StepOutcome(
            number,
            stage.label(),
            step.kind(),
            step.text(),
            key,
            facts,
            hit,
            fresh,
            plan == null ? List.of() : plan.inputs()));
  }

  private static HistoryItem.Made made(Step step) {
    return step.history()
        .orElseThrow(() -> new Fault.Internal("step without history: " + step.text()));
  }

  /** Adds the place in the Dockerfile. */
  private Fault placed(Step step, Fault fault) {
    String text = fault.getMessage();
    String place = " [" + shared.dockerfile().place(step.instruction()) + "]";
    boolean run = step.instruction() instanceof Instruction.Run;
    String failed =
        run ? text + place : step.text().split("\\s", 2)[0] + " failed: " + text + place;
    return switch (fault) {
      case Fault.Unavailable unavailable -> new Fault.Unavailable(failed, fault);
      case Fault.DataLoss loss -> new Fault.DataLoss(failed, fault);
      default -> new Fault.InvalidArgument(failed, fault);
    };
  }

  /** Tells of a step under its number. */
  private final class NumberedTeller implements StepRunner.Teller {
    private final int step;

    /** Whether it ran and failed: of that, Docker's users know the text. */
    private boolean commandFailed;

    NumberedTeller(int step) {
      this.step = step;
    }

    @Override
    public void running(String containerId) {
      tell(new BuildEvent.StepRunning(step, containerId));
    }

    @Override
    public void output(boolean stderr, String text) {
      tell(new BuildEvent.StepOutput(step, stderr, text));
    }

    @Override
    public void removed(String containerId) {
      tell(new BuildEvent.ContainerRemoved(step, containerId));
    }

    @Override
    public void failed(int code, String message) {
      commandFailed = true;
      tell(new BuildEvent.CommandFailed(step, code, message));
    }

    @Override
    public void over(RuntimeException cause) {
      solver.fail(step, cause);
    }
  }
}
