package dev.kemas.api.server;

import dev.kemas.api.EventMessage;
import dev.kemas.api.Filters;
import java.time.Instant;
import java.util.Optional;

/** What the events endpoint needs. */
public interface EventsBackend {
  /** Who is told. */
  @FunctionalInterface
  interface Listener {
    /**
     * Takes one event.
     *
     * @throws java.io.IOException when nobody reads any more
     */
    void accept(EventMessage event) throws java.io.IOException;
  }

  /** Events, subscribed to and not yet read. */
  interface Subscription extends AutoCloseable {
    /** Hands on what happened and what happens, until the time is over or it is closed. */
    void copyTo(Listener listener) throws java.io.IOException;

    /** Ends a running copy, from any thread; a second call does nothing. */
    @Override
    void close();
  }

  /**
   * Subscribes; nothing after this returns is missed.
   *
   * @param since what happened from then on, as far as it is still known
   * @param until the end; absent: none
   */
  Subscription subscribe(Optional<Instant> since, Optional<Instant> until, Filters filters);
}
