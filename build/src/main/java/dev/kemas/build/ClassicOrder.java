package dev.kemas.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets stages that are built at the same time tell of themselves one after the other, as the
 * classic builder does it: the first unfinished one speaks, the others wait. Safe for several
 * threads.
 */
public final class ClassicOrder implements BuildProgress {
  /** Output kept of a waiting stage, in characters; beyond it the oldest is dropped. */
  private static final int MOST_KEPT = 1 << 20;

  private static final class Waiting {
    private final Deque<BuildEvent> events = new ArrayDeque<>();
    private int characters;

    void add(BuildEvent event) {
      events.add(event);
      if (event instanceof BuildEvent.StepOutput output) {
        characters += output.text().length();
        if (characters > MOST_KEPT) {
          dropOldest();
        }
      }
    }

    private void dropOldest() {
      List<BuildEvent> kept = new ArrayList<>();
      boolean told = false;
      for (BuildEvent event : events) {
        if (event instanceof BuildEvent.StepOutput output && characters > MOST_KEPT / 2) {
          characters -= output.text().length();
          if (!told) {
            kept.add(
                new BuildEvent.StepOutput(
                    output.number(), output.stderr(), "[older output left out]\n"));
            told = true;
          }
        } else {
          kept.add(event);
        }
      }
      events.clear();
      events.addAll(kept);
    }
  }

  private final BuildProgress sink;
  private final List<Waiting> stages = new ArrayList<>();
  private final Map<Integer, Integer> stageOf = new HashMap<>();

  /** The number of each stage's last step. */
  private final Map<Integer, Integer> last = new HashMap<>();

  private final Set<Integer> finished = new HashSet<>();
  private int speaking;

  /** Tells it there. */
  public ClassicOrder(BuildProgress sink) {
    this.sink = sink;
  }

  @Override
  public synchronized void event(BuildEvent event) {
    if (event instanceof BuildEvent.Planned planned) {
      planned.steps().forEach(this::plan);
    }
    if (!(event instanceof BuildEvent.OfStep step) || !stageOf.containsKey(step.number())) {
      sink.event(event);
      return;
    }
    int stage = stageOf.getOrDefault(step.number(), 0);
    if (event instanceof BuildEvent.StepFailed) {
      interrupt(stage);
      sink.event(event);
      return;
    }
    if (stage == speaking) {
      sink.event(event);
    } else {
      stages.get(stage).add(event);
    }
    if (event instanceof BuildEvent.StepFinished && last.getOrDefault(stage, 0) == step.number()) {
      finish(stage);
    }
  }

  private void plan(BuildEvent.PlannedStep step) {
    while (stages.size() <= step.stage()) {
      stages.add(new Waiting());
    }
    if (step.kind().isPresent()) {
      stageOf.put(step.number(), step.stage());
      last.put(step.stage(), step.number());
    }
  }

  /** Notes that the stage has nothing more to tell. */
  private void finish(int stage) {
    finished.add(stage);
    while (finished.contains(speaking)) {
      speaking++;
      if (speaking < stages.size()) {
        flush(speaking);
      }
    }
  }

  /** Has a stage tell all it has, in spite of others before it: it is the one that failed. */
  private void interrupt(int stage) {
    if (stage != speaking && !finished.contains(stage)) {
      flush(stage);
    }
  }

  private void flush(int stage) {
    Deque<BuildEvent> events = stages.get(stage).events;
    events.forEach(sink::event);
    events.clear();
  }
}
