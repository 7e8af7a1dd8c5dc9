package dev.kemas.registry.server.http;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.oci.Digest;
import dev.kemas.registry.server.cache.PullThrough;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.RepositoryName;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Blobs: look, fetch, delete. */
final class BlobHandler {
  private static final String TYPE = "application/octet-stream";

  /** How much of a blob is mapped at once: few system calls, little of the address space. */
  private static final long MAPPED = 8L << 20;

  /** How far the disk is asked to be ahead of the network; a smaller part is just read. */
  private static final long AHEAD = 4 * MAPPED;

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
    try (BlobReader blob = blobs.open(name, digest)) {
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

  private void send(Exchange exchange, int status, BlobReader blob, ByteRange range)
      throws IOException {
    exchange.head(status, TYPE, range.length());
    if (range.length() == 0) {
      exchange.write(true, ByteBuffer.allocate(0));
      return;
    }
    long end = range.first() + range.length();
    long expected = range.first();
    for (long at = range.first(); at < end; ) {
      int count = (int) Math.min(MAPPED, end - at);
      long ahead = Math.min(end, at + AHEAD);
      if (ahead - at > count && ahead > expected) {
        blob.expect(expected, ahead - expected);
        expected = ahead;
      }
      try (Arena life = Arena.ofShared()) {
        Optional<ByteBuffer> mapped = blob.map(at, count, life);
        if (mapped.isEmpty()) {
          copy(exchange, blob, at, end);
          return;
        }
        exchange.write(at + count == end, mapped.get());
        at += count;
      }
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
