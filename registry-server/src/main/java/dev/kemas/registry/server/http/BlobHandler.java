package dev.kemas.registry.server.http;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.oci.Digest;
import dev.kemas.registry.server.cache.PullThrough;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.RepositoryName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Blobs: look, fetch, delete. */
final class BlobHandler {
  private static final String TYPE = "application/octet-stream";

  /** How much of a blob is mapped at once; two such parts of it count as memory of this process. */
  private static final long MAPPED = 8L << 20;

  private static final int ATTEMPTS = 3;

  private final Blobs blobs;
  private final Optional<PullThrough> cache;
  private final SendBuffers buffers = new SendBuffers();

  BlobHandler(Blobs blobs, Optional<PullThrough> cache) {
    this.blobs = blobs;
    this.cache = cache;
  }

  void get(Exchange exchange, RepositoryName name, String text) throws IOException {
    Digest digest = Manifests.digest(text);
    String etag = "\"" + digest + "\"";
    exchange
        .with("Docker-Content-Digest", digest.toString())
        .with("ETag", etag)
        .with("Accept-Ranges", "bytes")
        .with("Cache-Control", "max-age=31536000");
    if (cache.isPresent() && blobs.stat(name, digest).isEmpty()) {
      boolean whole = !exchange.isHead() && exchange.header("Range").isEmpty();
      cache.get().fetch(name, digest, whole ? receiver(exchange) : PullThrough.Receiver.NOBODY);
      if (whole) {
        return;
      }
    }
    if (exchange.isHead()) {
      BlobInfo blob = blobs.stat(name, digest).orElseThrow(() -> Blobs.unknown(name, digest));
      if (exchange.hasAlready(etag)) {
        exchange.status(304);
        return;
      }
      exchange.head(200, TYPE, blob.size());
      exchange.write(true, ByteBuffer.allocate(0));
      return;
    }
    try (BlobReader blob = open(name, digest)) {
      if (exchange.hasAlready(etag)) {
        exchange.status(304);
        return;
      }
      // a part of another blob would be of no use (RFC 9110, section 13.1.5)
      boolean sameBlob = exchange.header("If-Range").map(etag::equals).orElse(true);
      ByteRange.Wanted wanted =
          sameBlob
              ? ByteRange.parse(exchange.header("Range"), blob.size())
              : new ByteRange.Wanted.All();
      switch (wanted) {
        case ByteRange.Wanted.All _ -> send(exchange, 200, blob, new ByteRange(0, blob.size()));
        case ByteRange.Wanted.Part part -> {
          exchange.with("Content-Range", part.range().of(blob.size()));
          send(exchange, 206, blob, part.range());
        }
        case ByteRange.Wanted.Unsatisfiable _ -> {
          exchange.with("Content-Range", "bytes */" + blob.size());
          exchange.status(416);
        }
      }
    }
  }

  /** A cache that is full may have dropped a blob between the look at it and this: again then. */
  private BlobReader open(RepositoryName name, Digest digest) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return blobs.open(name, digest);
      } catch (Refusal e) {
        if (cache.isEmpty() || attempt == ATTEMPTS) {
          throw e;
        }
        cache.get().fetch(name, digest, PullThrough.Receiver.NOBODY);
      }
    }
  }

  private void send(Exchange exchange, int status, BlobReader blob, ByteRange range)
      throws IOException {
    exchange.head(status, TYPE, range.length());
    if (range.length() == 0) {
      exchange.write(true, ByteBuffer.allocate(0));
      return;
    }
    long end = range.first() + range.length();
    try (Sending sending = new Sending(exchange)) {
      for (long at = range.first(); at < end; ) {
        int count = (int) Math.min(MAPPED, end - at);
        Arena life = Arena.ofShared();
        Optional<ByteBuffer> mapped = map(blob, at, count, life);
        if (mapped.isEmpty()) {
          copy(exchange, blob, at, end);
          return;
        }
        // while this part goes out, the disk reads the next one
        sending.next(life, mapped.get(), at + count == end);
        at += count;
      }
      sending.end();
    }
  }

  private static Optional<ByteBuffer> map(BlobReader blob, long at, int count, Arena life) {
    Optional<ByteBuffer> mapped = Optional.empty();
    try {
      mapped = blob.map(at, count, life);
      return mapped;
    } finally {
      if (mapped.isEmpty()) {
        life.close();
      }
    }
  }

  /** The part of a blob that is on its way, and its memory. */
  private static final class Sending implements AutoCloseable {
    private final Exchange exchange;
    private Optional<Arena> life = Optional.empty();
    private CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);

    Sending(Exchange exchange) {
      this.exchange = exchange;
    }

    void next(Arena memory, ByteBuffer bytes, boolean last) throws IOException {
      try {
        end();
      } catch (IOException | RuntimeException e) {
        memory.close();
        throw e;
      }
      life = Optional.of(memory);
      sent = exchange.send(last, bytes);
    }

    /** Waits until the part is out. */
    void end() throws IOException {
      try {
        sent.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException broken
            ? broken
            : new IOException("the blob cannot be sent: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while a blob was sent");
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      // who still sends must not lose the memory
      sent.exceptionally(failed -> null).join();
      life.ifPresent(Arena::close);
      life = Optional.empty();
    }
  }

  /** Sends what no memory can be had of. */
  private void copy(Exchange exchange, BlobReader blob, long first, long end) throws IOException {
    try (SendBuffers.Lent lent = buffers.take()) {
      ByteBuffer buffer = lent.buffer();
      for (long at = first; at < end; ) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        int n = blob.read(buffer, at);
        if (n <= 0) {
          throw new EOFException("the blob ends at byte " + at + ", before its length " + end);
        }
        at += n;
        exchange.write(at == end, buffer.flip());
      }
    }
  }

  private static PullThrough.Receiver receiver(Exchange exchange) {
    return new PullThrough.Receiver() {
      @Override
      public void begin(long length) {
        exchange.head(200, TYPE, length);
      }

      @Override
      public void write(boolean last, ByteBuffer bytes) throws IOException {
        exchange.write(last, bytes);
      }
    };
  }

  void delete(Exchange exchange, RepositoryName name, String text) throws IOException {
    blobs.delete(name, Manifests.digest(text));
    exchange.status(202);
  }
}
