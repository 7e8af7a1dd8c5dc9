package dev.kemas.daemon.container;

import dev.kemas.api.EventMessage;
import dev.kemas.api.Filters;
import dev.kemas.api.server.EventsBackend;
import dev.kemas.engine.Events;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What happens, told to clients. */
public final class EventsAdapter implements EventsBackend {
  private static final long LOOK_MILLIS = 500;
  private final Events events;
  private final AtomicInteger listeners = new AtomicInteger();

  public EventsAdapter(Events events) {
    this.events = events;
  }

  /** How many follow events now. */
  public int listeners() {
    return listeners.get();
  }

  @Override
  public Subscription subscribe(Optional<Instant> since, Optional<Instant> until, Filters filters) {
    Events.Subscription subscription = events.subscribe(since);
    AtomicBoolean closed = new AtomicBoolean();
    listeners.incrementAndGet();
    return new Subscription() {
      @Override
      public void copyTo(Listener listener) throws IOException {
        try {
          for (long wait = millisLeft(until, closed); wait >= 0; wait = millisLeft(until, closed)) {
            Optional<Events.Event> event = subscription.next(wait);
            if (event.isPresent() && matches(event.get(), filters)) {
              if (until.isPresent() && event.get().at().isAfter(until.get())) {
                return;
              }
              listener.accept(message(event.get()));
            } else if (event.isEmpty() && wait == 0) {
              return;
            }
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void close() {
        if (closed.compareAndSet(false, true)) {
          listeners.decrementAndGet();
          subscription.close();
        }
      }
    };
  }

  /** How long to wait for the next one: 0 for what is there already, -1 at the end. */
  private static long millisLeft(Optional<Instant> until, AtomicBoolean closed) {
    if (closed.get()) {
      return -1;
    }
    return until
        .map(end -> Math.clamp(Duration.between(Instant.now(), end).toMillis(), 0, LOOK_MILLIS))
        .orElse(LOOK_MILLIS);
  }

  private static boolean matches(Events.Event event, Filters filters) {
    return filters.allows("type", event.type())
        && action(event.action(), filters.get("event"))
        && filters.allows("scope", "local")
        && filters.matchesLabels(event.attributes())
        && named("container", event, filters)
        && named("image", event, filters)
        && named("volume", event, filters)
        && named("network", event, filters)
        && named("daemon", event, filters);
  }

  /** {@code exec_create} stands for {@code exec_create: sh -c ls} too. */
  private static boolean action(String action, Set<String> wanted) {
    return wanted.isEmpty() || wanted.contains(action) || wanted.contains(action.split(":", 2)[0]);
  }

  private static boolean named(String type, Events.Event event, Filters filters) {
    Set<String> wanted = filters.get(type);
    if (wanted.isEmpty()) {
      return true;
    }
    boolean own = event.type().equals(type);
    String attribute = event.attributes().getOrDefault(own ? "name" : type, "");
    return wanted.stream()
        .anyMatch(w ->
            w.equals(attribute)
                || (own && (event.actor().equals(w) || event.actor().startsWith(w))));
  }

  private static EventMessage message(Events.Event event) {
    boolean old = event.type().equals("container") || event.type().equals("image");
    return new EventMessage(
        old ? Optional.of(event.action()) : Optional.empty(),
        old ? Optional.of(event.actor()) : Optional.empty(),
        Optional.ofNullable(event.attributes().get("image")).filter(i -> old),
        event.type(),
        event.action(),
        new EventMessage.Actor(event.actor(), new TreeMap<>(event.attributes())),
        "local",
        event.at().getEpochSecond(),
        Duration.between(Instant.EPOCH, event.at()).toNanos());
  }
}
