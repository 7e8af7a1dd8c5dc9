package dev.kemas.daemon.container;

import dev.kemas.api.StreamType;
import dev.kemas.api.server.Attachment;
import dev.kemas.api.server.Output;
import dev.kemas.api.server.StreamSink;
import dev.kemas.api.server.StreamsBackend.AttachQuery;
import dev.kemas.engine.Container;
import dev.kemas.engine.Engine;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** A client at a container's own process: at once if it runs, else from its start on. */
final class ContainerAttachment implements Attachment {
  private final Engine engine;
  private final Container container;
  private final AttachQuery query;
  private final Supplier<Output> logs;
  private final CompletableFuture<dev.kemas.runtime.Attachment> connection;

  private ContainerAttachment(
      Engine engine, Container container, AttachQuery query, Supplier<Output> logs) {
    this.engine = engine;
    this.container = container;
    this.query = query;
    this.logs = logs;
    this.connection = query.stream() ? engine.attach(container.id()) : new CompletableFuture<>();
  }

  /**
   * Attaches.
   *
   * @param logs what was written so far
   */
  static ContainerAttachment of(
      Engine engine, Container container, AttachQuery query, Supplier<Output> logs) {
    ContainerAttachment attachment = new ContainerAttachment(engine, container, query, logs);
    attachment.endWithTheContainer();
    return attachment;
  }

  /** One that is never started would keep its client's connection for ever. */
  private void endWithTheContainer() {
    if (query.stream() && !connection.isDone()) {
      CompletableFuture<Integer> removal = engine.await(container.id(), Engine.Condition.REMOVED);
      var _ = removal.whenComplete((code, failure) -> connection.cancel(false));
      var _ = connection.whenComplete((open, failure) -> engine.forget(container.id(), removal));
    }
  }

  @Override
  public boolean terminal() {
    return container.config().tty();
  }

  @Override
  public void copyTo(StreamSink sink) throws IOException {
    if (query.logs()) {
      try (Output before = logs.get()) {
        before.copyTo(sink);
      }
    }
    if (query.stream()) {
      pump(sink);
    }
  }

  private void pump(StreamSink sink) throws IOException {
    try {
      connected()
          .pump((stream, bytes) -> {
            StreamType type = StreamsAdapter.type(stream);
            if (type == StreamType.STDOUT ? query.stdout() : query.stderr()) {
              try {
                sink.accept(type, bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private dev.kemas.runtime.Attachment connected() throws IOException {
    try {
      return connection.get();
    } catch (CancellationException e) {
      throw new IOException("the attachment was closed", e);
    } catch (ExecutionException e) {
      throw new IOException("container " + container.id() + " was not started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public Optional<OutputStream> stdin() {
    return query.stdin() && query.stream() && container.config().openStdin()
        ? Optional.of(new Input())
        : Optional.empty();
  }

  @Override
  public void close() {
    if (connection.isDone()) {
      if (!connection.isCompletedExceptionally()) {
        connection.join().close();
      }
    } else {
      connection.cancel(false);
      engine.forget(container.id(), connection);
    }
  }

  private final class Input extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        connected().write(ByteBuffer.wrap(bytes, offset, length));
      } catch (Fault e) {
        throw new IOException("the process reads no more: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        connected().endInput();
      } catch (Fault e) {
        throw new IOException("the process is gone: " + e.getMessage(), e);
      }
    }
  }
}
