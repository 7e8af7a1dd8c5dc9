package dev.kemas.api.server;

import dev.kemas.api.ApiJson;
import dev.kemas.api.Filters;
import dev.kemas.api.Timestamps;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** {@code /events}. */
public final class EventsRouter extends Router {
  private static final Set<String> FILTERS =
      Set.of(
          "config",
          "container",
          "daemon",
          "event",
          "image",
          "label",
          "network",
          "node",
          "plugin",
          "scope",
          "secret",
          "service",
          "type",
          "volume");
  private final EventsBackend backend;

  public EventsRouter(EventsBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes.on("GET", "/events", this::events);
  }

  private void events(Call call) throws IOException {
    Instant now = Instant.now();
    Optional<Instant> since = time(call, "since", now);
    Optional<Instant> until = time(call, "until", now);
    if (since.isPresent() && until.isPresent() && since.get().isAfter(until.get())) {
      throw new Fault.InvalidArgument(
          "`since` time (" + since.get() + ") cannot be after `until` time (" + until.get() + ")");
    }
    Filters filters = Filters.parse(call.query().text("filters")).requireOnly(FILTERS);
    try (EventsBackend.Subscription events = backend.subscribe(since, until, filters)) {
      call.watchClient().whenGone(events::close);
      OutputStream out = call.stream("application/json");
      events.copyTo(event -> {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        line.writeBytes(ApiJson.write(event));
        line.write('\n');
        out.write(line.toByteArray());
        out.flush();
      });
    }
  }

  private static Optional<Instant> time(Call call, String name, Instant now) {
    return call.query().value(name).map(text -> Timestamps.parse(name, text, now));
  }
}
