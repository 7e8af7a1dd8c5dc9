package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The work of all builds at once: what several of them want is done once, by the first that asks,
 * and the others hear of it; no more is done at a time than there are processors. Work goes on
 * while anybody waits for it. Safe for several threads.
 */
final class SharedWork {
  /**
   * How work tells of itself, and how it learns that nobody wants it any more.
   *
   * @param places of those that work at the same time
   */
  record Lane(StepRunner.Teller teller, Cancellation cancelled, Semaphore places) {
    /** Does something that is no work but a wait: others work meanwhile. */
    void idle(Runnable waiting) {
      places.release();
      try {
        waiting.run();
      } finally {
        places.acquireUninterruptibly();
      }
    }
  }

  private final Semaphore permits =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);
  private final Map<Digest, Flight> flights = new ConcurrentHashMap<>();

  /**
   * Does the work of a key, or waits for who does it.
   *
   * @param again finds the result that another one has made
   * @throws RuntimeException what the work threw, also when another one did it
   * @throws Fault.Cancelled when this build is over
   */
  StepRunner.Outcome run(
      Digest key,
      StepRunner.Teller teller,
      Cancellation cancelled,
      Supplier<Optional<StepRunner.Outcome>> again,
      Function<Lane, StepRunner.Outcome> work) {
    while (true) {
      cancelled.check();
      Flight own = new Flight();
      Flight flight = flights.computeIfAbsent(key, none -> own);
      if (flight == own) {
        try {
          return own.lead(teller, cancelled, permits, lane -> permitted(lane, work));
        } finally {
          flights.remove(key, own);
        }
      }
      if (flight.follow(teller, cancelled)) {
        Optional<StepRunner.Outcome> made = again.get();
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
  }

  /** Does work that nobody shares. */
  StepRunner.Outcome alone(
      StepRunner.Teller teller, Cancellation cancelled, Function<Lane, StepRunner.Outcome> work) {
    OwnPace pace = new OwnPace(teller);
    // a slow client must not keep a place: its work does not wait for it
    StepRunner.Outcome outcome =
        pace.through(() -> permitted(new Lane(new Paced(pace, teller), cancelled, permits), work));
    pace.flush();
    return outcome;
  }

  private record Paced(OwnPace pace, StepRunner.Teller teller) implements OwnPace.Telling {
    @Override
    public void tell(OwnPace.Event event) {
      pace.add(event);
    }

    @Override
    public void over(RuntimeException cause) {
      pace.flush();
      teller.over(cause);
    }
  }

  private StepRunner.Outcome permitted(Lane lane, Function<Lane, StepRunner.Outcome> work) {
    lane.cancelled().check();
    Cancellation.Registration registration =
        lane.cancelled().onCancel(Thread.currentThread()::interrupt);
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      lane.cancelled().check();
      throw new Fault.Cancelled("interrupted while waiting for other steps");
    } finally {
      registration.close();
    }
    try {
      return work.apply(lane);
    } finally {
      permits.release();
    }
  }

  /** One piece of work that is being done. */
  private static final class Flight implements OwnPace.Telling {
    private final CompletableFuture<StepRunner.Outcome> result = new CompletableFuture<>();
    private final Cancellation cancellation = new Cancellation();
    private final Map<StepRunner.Teller, OwnPace> listeners = new LinkedHashMap<>();
    private final Deque<OwnPace.Event> told = new ArrayDeque<>();
    private int characters;
    private boolean leaderGone;

    StepRunner.Outcome lead(
        StepRunner.Teller teller,
        Cancellation cancelled,
        Semaphore permits,
        Function<Lane, StepRunner.Outcome> work) {
      OwnPace pace = join(teller);
      Cancellation.Registration registration =
          cancelled.onCancel(() -> {
            leaderGone();
            leave(teller);
          });
      StepRunner.Outcome outcome =
          pace.through(() -> {
            try {
              StepRunner.Outcome made = work.apply(new Lane(this, cancellation, permits));
              result.complete(made);
              return made;
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
              cancelled.check(); // its reason says more than that the work was given up
              throw e;
            } finally {
              registration.close();
              // an error of the machine must not leave the others waiting
              result.completeExceptionally(new Fault.Cancelled("the step was given up"));
            }
          });
      pace.flush();
      return outcome;
    }

    /**
     * Waits for it.
     *
     * @return whether it was done; if not, nothing of it is of use to anybody else
     */
    boolean follow(StepRunner.Teller teller, Cancellation cancelled) {
      CompletableFuture<StepRunner.Outcome> mine = result.copy();
      OwnPace pace = join(teller);
      Cancellation.Registration registration =
          cancelled.onCancel(() -> mine.completeExceptionally(new Fault.Cancelled("over")));
      boolean done = pace.through(() -> followed(mine, teller, cancelled, registration));
      pace.flush();
      return done;
    }

    private boolean followed(
        CompletableFuture<StepRunner.Outcome> mine,
        StepRunner.Teller teller,
        Cancellation cancelled,
        Cancellation.Registration registration) {
      try {
        mine.join();
        return true;
      } catch (CompletionException e) {
        cancelled.check();
        if (e.getCause() instanceof RuntimeException failure
            && !(failure instanceof Fault.Cancelled)
            && !isLeaderGone()) {
          throw failure;
        }
        return false;
      } finally {
        registration.close();
        leave(teller);
      }
    }

    private synchronized void leaderGone() {
      leaderGone = true;
    }

    private synchronized boolean isLeaderGone() {
      return leaderGone;
    }

    private synchronized OwnPace join(StepRunner.Teller teller) {
      OwnPace pace = new OwnPace(teller);
      told.forEach(pace::add);
      listeners.put(teller, pace);
      return pace;
    }

    private void leave(StepRunner.Teller teller) {
      boolean last;
      synchronized (this) {
        listeners.remove(teller);
        last = listeners.isEmpty();
      }
      if (last && !result.isDone()) {
        cancellation.cancel("nobody waits for the step any more");
      }
    }

    @Override
    public synchronized void tell(OwnPace.Event event) {
      characters += event.size();
      if (characters <= OwnPace.MOST_KEPT) {
        told.add(event);
      }
      listeners.values().forEach(pace -> pace.add(event));
    }

    @Override
    public void over(RuntimeException cause) {
      throw new Fault.Internal("what is looked at when it fails is not shared", cause);
    }
  }
}
