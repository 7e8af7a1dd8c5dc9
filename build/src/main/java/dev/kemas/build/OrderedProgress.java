package dev.kemas.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets stages that are built at the same time tell of themselves one after the other: the first
 * unfinished one speaks, the others wait. Safe for several threads.
 */
final class OrderedProgress {
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
  private final Set<Integer> finished = new HashSet<>();
  private int speaking;

  OrderedProgress(BuildProgress sink, int count) {
    this.sink = sink;
    for (int i = 0; i < count; i++) {
      stages.add(new Waiting());
    }
  }

  synchronized void event(int stage, BuildEvent event) {
    if (stage == speaking) {
      sink.event(event);
    } else {
      stages.get(stage).add(event);
    }
  }

  /** Says that the stage has nothing more to tell. */
  synchronized void finish(int stage) {
    finished.add(stage);
    while (finished.contains(speaking)) {
      speaking++;
      if (speaking < stages.size()) {
        flush(speaking);
      }
    }
  }

  /** Has a stage tell all it has, in spite of others before it: it is the one that failed. */
  synchronized void interrupt(int stage) {
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
