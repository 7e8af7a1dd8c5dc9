package dev.kemas.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What happens in an engine, told to whoever listens, and the last of it remembered. Thread-safe;
 * telling never waits for a listener.
 */
public final class Events {
  private static final int REMEMBERED = 1024;
  private static final int MOST_UNREAD = 65_536;

  private final Deque<Event> history = new ArrayDeque<>();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /** No events yet. */
  public Events() {}

  /**
   * Something that happened.
   *
   * @param type {@code container}, {@code image}, {@code network}, {@code volume}, {@code daemon}
   * @param action Docker's word: {@code create}, {@code start}, {@code die}, ...
   * @param actor the id or name of what it happened to
   * @param attributes further facts, {@code name} and labels among them
   */
  public record Event(
      String type, String action, String actor, Map<String, String> attributes, Instant at) {
    public Event {
      attributes = Map.copyOf(attributes);
    }
  }

  /** Tells everybody. */
  public void tell(String type, String action, String actor, Map<String, String> attributes) {
    Event event = new Event(type, action, actor, attributes, Instant.now());
    synchronized (history) {
      history.addLast(event);
      if (history.size() > REMEMBERED) {
        history.removeFirst();
      }
      subscriptions.forEach(s -> s.offer(event));
    }
  }

  /** Listens; what is remembered from {@code since} on comes first, and nothing is missed. */
  public Subscription subscribe(Optional<Instant> since) {
    Subscription subscription = new Subscription();
    synchronized (history) {
      since.ifPresent(from ->
          history.stream().filter(e -> !e.at().isBefore(from)).forEach(subscription::offer));
      subscriptions.add(subscription);
    }
    return subscription;
  }

  /** What is remembered from then on. */
  public List<Event> since(Instant from) {
    synchronized (history) {
      return new ArrayList<>(history.stream().filter(e -> !e.at().isBefore(from)).toList());
    }
  }

  /** One listener's events, not yet taken. */
  public final class Subscription implements AutoCloseable {
    private final BlockingQueue<Event> unread = new LinkedBlockingQueue<>(MOST_UNREAD);

    private Subscription() {}

    private void offer(Event event) {
      // a listener that has stopped reading loses its oldest events, not the engine its memory
      while (!unread.offer(event)) {
        unread.poll();
      }
    }

    /** The next event; empty when none came in this time. */
    public Optional<Event> next(long millis) throws InterruptedException {
      return Optional.ofNullable(unread.poll(millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }
}
