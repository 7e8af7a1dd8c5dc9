package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Blobs in memory: for tests, and for what is only passed on. */
public final class MemoryBlobStore implements BlobStore {
  private final IngestKeys keys = new IngestKeys();
  private final Map<Digest, Blob> blobs = new ConcurrentHashMap<>();
  private final Map<String, Growing> partials = new ConcurrentHashMap<>();

  private static final class Blob {
    private final byte[] bytes;
    private volatile Instant touchedAt = Instant.now();

    Blob(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private static final class Growing {
    private byte[] bytes = new byte[1024];
    private volatile int length;
    private volatile Instant writtenAt = Instant.now();
    private MessageDigest hash = Digest.sha256Hasher();
  }

  /** An empty store. */
  public MemoryBlobStore() {}

  @Override
  public Optional<BlobInfo> stat(Digest digest) {
    return Optional.ofNullable(blobs.get(digest))
        .map(b -> new BlobInfo(digest, b.bytes.length, b.touchedAt));
  }

  @Override
  public BlobReader open(Digest digest) {
    Blob blob = blobs.get(digest);
    if (blob == null) {
      throw new Fault.NotFound("blob", digest.toString(), "no such blob: " + digest);
    }
    return new Reader(digest, blob.bytes);
  }

  @Override
  public Ingest ingest(String key) {
    keys.take(key);
    return new Writer(key, partials.computeIfAbsent(key, k -> new Growing()));
  }

  @Override
  public Ingest ingest() {
    String key = keys.takeNew();
    return new Writer(key, partials.computeIfAbsent(key, k -> new Growing()));
  }

  @Override
  public boolean delete(Digest digest) {
    return blobs.remove(digest) != null;
  }

  @Override
  public void walk(Consumer<BlobInfo> visitor) {
    for (Digest digest : List.copyOf(blobs.keySet())) {
      stat(digest).ifPresent(visitor);
    }
  }

  @Override
  public List<PartialBlob> partials() {
    List<PartialBlob> all = new ArrayList<>();
    partials.forEach(
        (key, g) -> all.add(new PartialBlob(key, g.length, g.writtenAt, keys.isOpen(key))));
    return all;
  }

  @Override
  public List<PartialBlob> dropPartials(Instant writtenBefore) {
    List<PartialBlob> dropped = new ArrayList<>();
    for (PartialBlob partial : partials()) {
      if (!partial.open() && partial.writtenAt().isBefore(writtenBefore)) {
        partials.remove(partial.key());
        dropped.add(partial);
      }
    }
    return dropped;
  }

  @Override
  public void sync() {
    // memory does not outlive a power failure, and nobody expects it to
  }

  @Override
  public void close() {
    blobs.clear();
    partials.clear();
  }

  private static final class Reader implements BlobReader {
    private final Digest digest;
    private final byte[] bytes;

    Reader(Digest digest, byte[] bytes) {
      this.digest = digest;
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      if (position >= bytes.length) {
        return -1;
      }
      int n = (int) Math.min(into.remaining(), bytes.length - position);
      into.put(bytes, (int) position, n);
      return n;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      int from = (int) Math.min(position, bytes.length);
      ByteBuffer part = ByteBuffer.wrap(bytes, from, (int) Math.min(count, bytes.length - from));
      try {
        while (part.hasRemaining()) {
          target.write(part);
        }
        return (long) part.position() - from;
      } catch (IOException e) {
        throw new Fault.Unavailable("cannot send blob " + digest + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      // the bytes are the garbage collector's
    }
  }

  private final class Writer implements Ingest {
    private final String key;
    private final Growing growing;
    private boolean over;

    Writer(String key, Growing growing) {
      this.key = key;
      this.growing = growing;
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public long offset() {
      return growing.length;
    }

    @Override
    public void write(ByteBuffer more) {
      checkOpen();
      int from = growing.length;
      int n = more.remaining();
      if (growing.bytes.length - from < n) {
        growing.bytes = Arrays.copyOf(growing.bytes, Math.max(from + n, from * 2));
      }
      more.get(growing.bytes, from, n);
      growing.hash.update(growing.bytes, from, n);
      growing.length = from + n;
      growing.writtenAt = Instant.now();
    }

    @Override
    public void restart() {
      checkOpen();
      growing.length = 0;
      growing.hash = Digest.sha256Hasher();
    }

    @Override
    public BlobInfo commit(OptionalLong expectedSize, Digest expected) {
      checkOpen();
      try {
        if (expectedSize.isPresent() && expectedSize.getAsLong() != growing.length) {
          throw IngestKeys.wrongSize(key, expectedSize.getAsLong(), growing.length);
        }
        Digest actual = Digest.sha256(growing.hash.digest());
        if (!expected.algorithm().equals(actual.algorithm())) {
          MessageDigest other = expected.hasher();
          other.update(growing.bytes, 0, growing.length);
          actual = FolderBlobStore.digest(expected, other);
        }
        if (!actual.equals(expected)) {
          throw IngestKeys.wrongDigest(key, expected, actual);
        }
        return publish(actual);
      } finally {
        abort();
      }
    }

    @Override
    public BlobInfo commit(Consumer<Digest> beforeVisible) {
      checkOpen();
      try {
        Digest digest = Digest.sha256(growing.hash.digest());
        beforeVisible.accept(digest);
        return publish(digest);
      } finally {
        abort();
      }
    }

    private BlobInfo publish(Digest digest) {
      Blob blob =
          blobs.computeIfAbsent(
              digest, d -> new Blob(Arrays.copyOf(growing.bytes, growing.length)));
      blob.touchedAt = Instant.now();
      return new BlobInfo(digest, blob.bytes.length, blob.touchedAt);
    }

    @Override
    public void abort() {
      if (!over) {
        over = true;
        partials.remove(key);
        keys.release(key);
      }
    }

    @Override
    public void close() {
      if (IngestKeys.isOnce(key)) {
        abort();
      }
      if (!over) {
        over = true;
        keys.release(key);
      }
    }

    private void checkOpen() {
      if (over) {
        throw new Fault.Conflict("the ingest of \"" + key + "\" is over");
      }
    }
  }
}
