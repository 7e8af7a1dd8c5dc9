package dev.kemas.api.server;

import dev.kemas.api.ApiJson;
import dev.kemas.api.ContainerStats;
import dev.kemas.api.StreamType;
import dev.kemas.api.Timestamps;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.Query;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code logs attach resize stats}. */
public final class StreamsRouter extends Router {
  private static final Duration BETWEEN_STATS = Duration.ofSeconds(1);
  private final StreamsBackend backend;

  public StreamsRouter(StreamsBackend backend) {
    this.backend = backend;
  }

  @Override
  void addTo(RouteTable routes) {
    routes
        .on("GET", "/containers/{id}/logs", this::logs)
        .on("POST", "/containers/{id}/attach", this::attach)
        .on("POST", "/containers/{id}/resize", this::resize)
        .on("GET", "/containers/{id}/stats", this::stats);
  }

  private static String id(Call call) {
    return call.variable("id");
  }

  private void logs(Call call) throws IOException {
    StreamsBackend.LogQuery query = logQuery(call.query());
    if (!query.stdout() && !query.stderr()) {
      throw new Fault.InvalidArgument("Bad parameters: you must choose at least one stream");
    }
    try (Output output = backend.logs(id(call), query)) {
      String type =
          output.terminal() || !call.version().atLeast(42)
              ? StreamType.RAW
              : StreamType.MULTIPLEXED;
      if (query.follow()) {
        call.watchClient().whenGone(output::close);
        output.copyTo(Frames.to(call.stream(type), output.terminal()));
      } else {
        try (OutputStream out = new BufferedOutputStream(call.stream(type), 32 * 1024)) {
          output.copyTo(Frames.to(out, output.terminal()));
        }
      }
    }
  }

  private static StreamsBackend.LogQuery logQuery(Query query) {
    return new StreamsBackend.LogQuery(
        query.flag("stdout"),
        query.flag("stderr"),
        query.flag("follow"),
        query.flag("timestamps"),
        query.flag("details"),
        time(query, "since"),
        time(query, "until"),
        tail(query.text("tail")));
  }

  private static Optional<Instant> time(Query query, String name) {
    return query
        .value(name)
        .filter(text -> !text.equals("0"))
        .map(text -> Timestamps.parse(name, text, Instant.now()));
  }

  /** Everything that is not a number means all, and so does a negative one. */
  private static OptionalInt tail(String text) {
    if (text.matches("\\d{1,9}")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    return OptionalInt.empty();
  }

  private void attach(Call call) throws IOException {
    Query query = call.query();
    DetachKeys keys = DetachKeys.parse(query.text("detachKeys"));
    Attachment attachment =
        backend.attach(
            id(call),
            new StreamsBackend.AttachQuery(
                query.flag("logs"),
                query.flag("stream"),
                query.flag("stdin"),
                query.flag("stdout"),
                query.flag("stderr")));
    call.takeOver(!attachment.terminal(), new Interaction(attachment, keys));
  }

  private void resize(Call call) throws IOException {
    backend.resize(id(call), size(call.query(), "h"), size(call.query(), "w"));
    call.status(200);
  }

  /** A number of characters. */
  static int size(Query query, String name) {
    OptionalInt value = query.integer(name);
    if (value.isEmpty() || value.getAsInt() < 0 || value.getAsInt() > 65535) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": \"" + query.text(name) + "\" is not a size");
    }
    return value.getAsInt();
  }

  private void stats(Call call) throws Exception {
    String id = id(call);
    ContainerStats stats = backend.stats(id, Optional.empty());
    if (!call.query().flag("stream", true)) {
      if (!call.query().flag("one-shot")) {
        // two readings, so that a client can tell how busy the processors were in between
        if (isDone(call.watchClient().gone())) {
          return;
        }
        stats = backend.stats(id, Optional.of(stats));
      }
      call.json(stats);
      return;
    }
    CompletableFuture<Void> gone = call.watchClient().gone();
    OutputStream out = call.stream("application/json");
    line(out, ApiJson.write(stats));
    while (!isDone(gone)) {
      try {
        stats = backend.stats(id, Optional.of(stats));
      } catch (Fault.NotFound e) {
        return; // it was removed: that ends the stream
      }
      line(out, ApiJson.write(stats));
    }
  }

  private static void line(OutputStream out, byte[] json) throws IOException {
    out.write(json);
    out.write('\n');
    out.flush();
  }

  private static boolean isDone(CompletableFuture<Void> gone)
      throws InterruptedException, ExecutionException {
    try {
      gone.get(BETWEEN_STATS.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
