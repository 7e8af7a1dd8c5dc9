package dev.kemas.api.server;

import dev.kemas.api.WaitResult;
import dev.kemas.fault.Fault;
import java.util.Optional;
import java.util.OptionalInt;

/** What the endpoints that move a container through its life need. */
public interface LifecycleBackend {
  /** What is waited for. */
  enum Condition {
    /** That it does not run; true at once for one that does not. */
    NOT_RUNNING,
    /** That it ends the next time. */
    NEXT_EXIT,
    /** That it is gone. */
    REMOVED;

    /**
     * Reads {@code not-running}, {@code next-exit} and {@code removed}; nothing is the first.
     *
     * @throws Fault.InvalidArgument for anything else
     */
    static Condition parse(String text) {
      return switch (text) {
        case "", "not-running" -> NOT_RUNNING;
        case "next-exit" -> NEXT_EXIT;
        case "removed" -> REMOVED;
        default -> throw new Fault.InvalidArgument("invalid condition: \"" + text + "\"");
      };
    }
  }

  /** A wait that has begun: what happens from now on is seen. */
  interface Waiting extends AutoCloseable {
    /**
     * Blocks until it is so.
     *
     * @throws InterruptedException when {@link #close} was called meanwhile
     */
    WaitResult await() throws InterruptedException;

    /** Gives the wait up, from any thread. */
    @Override
    void close();
  }

  /** Starts it. */
  void start(String container);

  /** Signals and, after so many seconds, kills; a negative number waits without end. */
  void stop(String container, Optional<String> signal, OptionalInt seconds);

  /** Stops and starts. */
  void restart(String container, Optional<String> signal, OptionalInt seconds);

  /** Sends a signal. */
  void kill(String container, String signal);

  /** Freezes its processes. */
  void pause(String container);

  /** Lets them go on. */
  void unpause(String container);

  /** Begins to wait. */
  Waiting waitFor(String container, Condition condition);
}
