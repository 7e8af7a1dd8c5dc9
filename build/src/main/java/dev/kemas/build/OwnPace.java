package dev.kemas.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells of a step at the pace of whoever listens: who is slow holds up neither the step nor others
 * that listen. Output that is not taken is kept to a bound, then the oldest is left out with a
 * note. Safe for several threads.
 */
final class OwnPace {
  /** Characters of output. */
  static final int MOST_KEPT = 1 << 20;

  /**
   * Something to tell.
   *
   * @param size characters of output; 0 for what is never left out
   */
  record Event(int size, Consumer<StepRunner.Teller> tell) {}

  /** Tells by events. */
  interface Telling extends StepRunner.Teller {
    void tell(Event event);

    @Override
    default void running(String containerId) {
      tell(new Event(0, to -> to.running(containerId)));
    }

    @Override
    default void output(boolean stderr, String text) {
      tell(new Event(text.length(), to -> to.output(stderr, text)));
    }

    @Override
    default void removed(String containerId) {
      tell(new Event(0, to -> to.removed(containerId)));
    }

    @Override
    default void failed(int code, String message) {
      tell(new Event(0, to -> to.failed(code, message)));
    }
  }

  private final StepRunner.Teller teller;
  private Deque<Event> waiting = new ArrayDeque<>();
  private int characters;
  private long leftOut;
  private boolean telling;
  private boolean closed;
  private Optional<RuntimeException> failure = Optional.empty();

  OwnPace(StepRunner.Teller teller) {
    this.teller = teller;
  }

  /** Takes an event; never blocks. */
  synchronized void add(Event event) {
    if (closed) {
      return;
    }
    waiting.add(event);
    characters += event.size();
    if (characters > MOST_KEPT) {
      leaveOut();
    }
    if (!telling) {
      telling = true;
      Thread.ofVirtual().name("step-output").start(this::drain);
    }
  }

  /** The oldest half of the output goes. */
  private void leaveOut() {
    Deque<Event> kept = new ArrayDeque<>();
    List<Event> rest = new ArrayList<>();
    for (Event event : waiting) {
      if (event.size() > 0 && characters > MOST_KEPT / 2) {
        characters -= event.size();
        leftOut += event.size();
      } else {
        rest.add(event);
      }
    }
    String note =
        "[%d characters of output left out: they were not read in time]\n".formatted(leftOut);
    boolean noted = false;
    for (Event event : rest) {
      // where output begins again; what else was told before stays in its place
      if (event.size() > 0 && !noted) {
        kept.add(new Event(0, to -> to.output(false, note)));
        noted = true;
      }
      kept.add(event);
    }
    leftOut = 0;
    waiting = kept;
  }

  private void drain() {
    while (true) {
      Event next;
      synchronized (this) {
        if (waiting.isEmpty() || closed) {
          telling = false;
          notifyAll();
          return;
        }
        next = waiting.remove();
        characters -= next.size();
      }
      try {
        next.tell().accept(teller);
      } catch (RuntimeException e) {
        synchronized (this) {
          failure = Optional.of(e);
          closed = true;
        }
      }
    }
  }

  /**
   * Waits until all is told, or the one who listens has failed.
   *
   * @throws RuntimeException what the one who listens has thrown
   */
  synchronized void flush() {
    boolean interrupted = false;
    while (telling && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** Does the work; what it throws comes out once all that was before it is told. */
  <T> T through(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      try {
        flush();
      } catch (RuntimeException deaf) {
        e.addSuppressed(deaf);
      }
      throw e;
    }
  }
}
