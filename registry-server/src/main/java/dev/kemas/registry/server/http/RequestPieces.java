package dev.kemas.registry.server.http;

import dev.kemas.registry.server.repository.Uploads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request in the memory into which the network wrote it, so that nothing is copied on
 * its way to the disk. For one thread.
 */
final class RequestPieces implements Uploads.Pieces {
  private final Content.Source source;
  private final Semaphore ready = new Semaphore(0);

  /** Runs in the thread that found bytes, which has others to look after. */
  private final Runnable wake =
      Invocable.from(Invocable.InvocationType.NON_BLOCKING, ready::release);

  private Content.@Nullable Chunk lent;
  private boolean ended;

  RequestPieces(Content.Source source) {
    this.source = source;
  }

  @Override
  public Optional<ByteBuffer> next() throws IOException {
    while (!ended) {
      close();
      Content.Chunk chunk = read();
      ended = chunk.isLast();
      lent = chunk;
      if (chunk.hasRemaining()) {
        return Optional.of(chunk.getByteBuffer());
      }
    }
    return Optional.empty();
  }

  private Content.Chunk read() throws IOException {
    Content.Chunk chunk = source.read();
    while (chunk == null) {
      source.demand(wake);
      try {
        ready.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a request was read");
      }
      chunk = source.read();
    }
    if (Content.Chunk.isFailure(chunk)) {
      Throwable failure = chunk.getFailure();
      throw failure instanceof IOException broken
          ? broken
          : (IOException) new EOFException("the request breaks off: " + failure).initCause(failure);
    }
    return chunk;
  }

  @Override
  public void close() {
    if (lent != null) {
      lent.release();
      lent = null;
    }
  }
}
