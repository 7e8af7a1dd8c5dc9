package dev.kemas.daemon.container;

import dev.kemas.api.ContainerStats;
import dev.kemas.api.StreamType;
import dev.kemas.api.Timestamps;
import dev.kemas.api.server.Attachment;
import dev.kemas.api.server.Output;
import dev.kemas.api.server.StreamSink;
import dev.kemas.api.server.StreamsBackend;
import dev.kemas.engine.Container;
import dev.kemas.engine.Engine;
import dev.kemas.runtime.LogLine;
import dev.kemas.runtime.LogReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** A container's bytes. */
public final class StreamsAdapter implements StreamsBackend {
  private final Engine engine;

  public StreamsAdapter(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Output logs(String container, LogQuery query) {
    Container c = engine.container(container);
    LogReader reader = engine.logs(c.id());
    AtomicBoolean closed = new AtomicBoolean();
    return new Output() {
      @Override
      public boolean terminal() {
        return c.config().tty();
      }

      @Override
      public void copyTo(StreamSink sink) throws IOException {
        copy(c, reader, query, sink, closed);
      }

      @Override
      public void close() {
        closed.set(true);
        reader.close();
      }
    };
  }

  private void copy(
      Container c, LogReader reader, LogQuery query, StreamSink sink, AtomicBoolean closed)
      throws IOException {
    String details = query.details() ? details(c) : "";
    try {
      reader.read(
          wanted(query),
          () -> !closed.get() && engine.isAlive(c.id()),
          line -> {
            try {
              if (query.timestamps() || !details.isEmpty()) {
                String prefix = query.timestamps() ? Timestamps.fixed(line.at()) + " " : "";
                sink.accept(type(line.stream()), prefixed(prefix + details, line));
              } else {
                sink.accept(type(line.stream()), line.content());
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            return !closed.get();
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String details(Container c) {
    String pairs =
        new TreeMap<>(c.host().logConfig().config())
            .entrySet().stream()
                .filter(e -> e.getKey().equals("labels") || e.getKey().equals("env"))
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    return pairs + " ";
  }

  private static ByteBuffer prefixed(String prefix, LogLine line) {
    byte[] first = prefix.getBytes(StandardCharsets.UTF_8);
    ByteBuffer content = line.content();
    return ByteBuffer.allocate(first.length + content.remaining()).put(first).put(content).flip();
  }

  private static dev.kemas.runtime.LogQuery wanted(LogQuery query) {
    return new dev.kemas.runtime.LogQuery(
        query.stdout(),
        query.stderr(),
        query.since(),
        query.until(),
        query.tail().isPresent() ? OptionalLong.of(query.tail().getAsInt()) : OptionalLong.empty(),
        query.follow());
  }

  static StreamType type(dev.kemas.runtime.Attachment.Stream stream) {
    return switch (stream) {
      case STDOUT -> StreamType.STDOUT;
      case STDERR -> StreamType.STDERR;
    };
  }

  @Override
  public Attachment attach(String container, AttachQuery query) {
    Container c = engine.container(container);
    return ContainerAttachment.of(engine, c, query, () -> logs(c.id(), soFar(query)));
  }

  private static LogQuery soFar(AttachQuery query) {
    return new LogQuery(
        query.stdout(),
        query.stderr(),
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        java.util.OptionalInt.empty());
  }

  @Override
  public void resize(String container, int height, int width) {
    engine.resize(container, height, width);
  }

  @Override
  public ContainerStats stats(String container, Optional<ContainerStats> before) {
    Container c = engine.container(container);
    return StatsRecords.of(
        c, c.state().isAlive() ? Optional.of(engine.stats(c.id())) : Optional.empty(), before);
  }
}
