package dev.kemas.daemon.container;

import dev.kemas.api.StreamType;
import dev.kemas.api.server.Attachment;
import dev.kemas.api.server.StreamSink;
import dev.kemas.engine.Execs;
import dev.kemas.runtime.ExecSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client at a command in a container. The copy ends after the exit code is known, so that a
 * client that asks for it next gets it.
 */
final class ExecAttachment implements Attachment {
  private static final Logger LOG = LoggerFactory.getLogger(ExecAttachment.class);
  private static final int BUFFER = 32 * 1024;
  private final Execs.Request request;
  private final Execs.Started started;
  private final AtomicBoolean closed = new AtomicBoolean();

  ExecAttachment(Execs.Request request, Execs.Started started) {
    this.request = request;
    this.started = started;
  }

  @Override
  public boolean terminal() {
    return request.terminal();
  }

  @Override
  public Optional<OutputStream> stdin() {
    return request.attachStdin() ? Optional.of(started.session().stdin()) : Optional.empty();
  }

  @Override
  public void copyTo(StreamSink sink) throws IOException {
    ExecSession session = started.session();
    StreamSink one =
        (type, bytes) -> {
          synchronized (this) {
            sink.accept(type, bytes);
          }
        };
    Thread errors =
        Thread.ofVirtual()
            .name("exec-stderr")
            .start(() -> errors(session.stderr(), request.attachStderr(), one));
    try {
      pump(session.stdout(), StreamType.STDOUT, request.attachStdout(), one);
      errors.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (closed.get()) {
      return;
    }
    if (started.outcome().join() instanceof ExecSession.Outcome.NotStarted failed) {
      byte[] text = (failed.message() + "\r\n").getBytes(StandardCharsets.UTF_8);
      one.accept(StreamType.STDOUT, ByteBuffer.wrap(text));
    }
  }

  private void errors(InputStream from, boolean wanted, StreamSink sink) {
    try {
      pump(from, StreamType.STDERR, wanted, sink);
    } catch (IOException e) {
      LOG.debug("nobody reads the errors of a command any more: {}", e.toString());
    }
  }

  private void pump(InputStream from, StreamType type, boolean wanted, StreamSink sink)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = from.read(buffer); n >= 0 && !closed.get(); n = from.read(buffer)) {
      if (wanted) {
        sink.accept(type, ByteBuffer.wrap(buffer, 0, n));
      }
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      started.session().close();
    }
  }
}
