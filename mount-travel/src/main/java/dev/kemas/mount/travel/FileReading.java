package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads files into chunks. What is said of a file is said of the very bytes that went into its
 * chunks; one that changes meanwhile is read again, and left out when it does not come to rest. One
 * thread.
 */
final class FileReading {
  private static final int TRIES = 3;

  /** The kernel stamps files by its tick, at most 10 ms long: later changes have other stamps. */
  private static final long SETTLED_NANOS = 20_000_000;

  /** A part of a chunk that may be on its way. */
  record Draft(Future<Chunk> chunk, int offset, int length) {}

  /** A file as it was read, but for where its chunks are in the index. */
  record Read(Stat stat, Digest digest, List<Draft> pieces, Map<String, byte[]> attributes) {}

  private final ChunkWriter writer;
  private final byte[] buffer = new byte[Cutter.MOST];
  private final List<Pending> pack = new ArrayList<>();
  private int packed;

  /** A small file that waits for its chunk to be full. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pending(byte[] bytes, List<Draft> pieces) {}

  FileReading(ChunkWriter writer) {
    this.writer = writer;
  }

  /**
   * Reads one. Its pieces are complete after {@link #finish}.
   *
   * @return empty when it is gone, is no file any more or does not stop changing
   */
  Optional<Read> read(Directory directory, String name, String path) {
    for (int i = 0; i < TRIES; i++) {
      try (OpenFile file = directory.openUnnoticed(name)) {
        Stat before = file.stat();
        if (before.type() != FileType.REGULAR) {
          return Optional.empty();
        }
        settle(before.changed());
        Optional<Read> read =
            before.size() < Cutter.LARGE ? small(file, before, path) : large(file, before);
        if (read.isPresent()) {
          return read;
        }
      } catch (Fault.NotFound | Fault.InvalidArgument e) {
        // gone, or a link now (ELOOP)
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void settle(Instant changed) {
    long age = java.time.Duration.between(changed, Instant.now()).toNanos();
    if (age >= 0 && age < SETTLED_NANOS) {
      LockSupport.parkNanos(SETTLED_NANOS - age);
    }
  }

  private static boolean isSame(Stat before, Stat after) {
    return before.size() == after.size()
        && before.modified().equals(after.modified())
        && before.changed().equals(after.changed());
  }

  private Optional<Read> small(OpenFile file, Stat before, String path) {
    int count = fill(file, 0, Cutter.LARGE);
    Map<String, byte[]> attributes = attributes(file);
    if (count != before.size() || !isSame(before, file.stat())) {
      return Optional.empty();
    }
    byte[] bytes = Arrays.copyOf(buffer, count);
    Digest digest = Digest.of(bytes);
    List<Draft> pieces = new ArrayList<>();
    if (count > 0) {
      put(new Pending(bytes, pieces), name(path, digest));
    }
    return Optional.of(new Read(before, digest, pieces, attributes));
  }

  private static long name(String path, Digest digest) {
    MessageDigest hasher = Digest.sha256Hasher();
    hasher.update(path.getBytes(StandardCharsets.UTF_8));
    hasher.update((byte) 0);
    hasher.update(digest.hex().getBytes(StandardCharsets.US_ASCII));
    return ByteBuffer.wrap(hasher.digest()).getLong();
  }

  private void put(Pending file, long name) {
    if (Cutter.overflows(packed, file.bytes().length)) {
      finish();
    }
    pack.add(file);
    packed += file.bytes().length;
    if (Cutter.ends(name, file.bytes().length, packed)) {
      finish();
    }
  }

  /** Makes a chunk of the small files that wait for one. */
  void finish() {
    if (pack.isEmpty()) {
      return;
    }
    ByteBuffer together = ByteBuffer.allocate(packed);
    pack.forEach(file -> together.put(file.bytes()));
    Future<Chunk> chunk = writer.add(together.array());
    int offset = 0;
    for (Pending file : pack) {
      file.pieces().add(new Draft(chunk, offset, file.bytes().length));
      offset += file.bytes().length;
    }
    pack.clear();
    packed = 0;
  }

  private Optional<Read> large(OpenFile file, Stat before) {
    MessageDigest hasher = Digest.sha256Hasher();
    List<Draft> pieces = new ArrayList<>();
    long size = 0;
    int filled = 0;
    while (true) {
      filled = fill(file, filled, buffer.length);
      if (filled == 0) {
        break;
      }
      int length = Cutter.cut(buffer, filled);
      byte[] bytes = Arrays.copyOf(buffer, length);
      size += length;
      if (size > before.size()) {
        return Optional.empty();
      }
      hasher.update(bytes);
      pieces.add(new Draft(writer.add(bytes), 0, length));
      System.arraycopy(buffer, length, buffer, 0, filled - length);
      filled -= length;
    }
    Map<String, byte[]> attributes = attributes(file);
    if (size != before.size() || !isSame(before, file.stat())) {
      return Optional.empty();
    }
    Digest digest = Digest.sha256(hasher.digest());
    return Optional.of(new Read(before, digest, pieces, attributes));
  }

  /** Reads until that much is in the buffer or the file ends; returns how much is in it. */
  private int fill(OpenFile file, int from, int most) {
    ByteBuffer into = ByteBuffer.wrap(buffer, from, most - from);
    while (into.hasRemaining() && file.read(into) >= 0) {
      // until the end or the limit
    }
    return into.position();
  }

  private static Map<String, byte[]> attributes(OpenFile file) {
    Map<String, byte[]> travelling = new TreeMap<>();
    long bytes = 0;
    for (Map.Entry<String, byte[]> attribute : file.xattrs().entrySet()) {
      bytes += attribute.getKey().length() + (long) attribute.getValue().length;
      if (IndexCheck.travels(attribute.getKey()) && bytes <= TravelLimits.MOST_XATTRS) {
        travelling.put(attribute.getKey(), attribute.getValue());
      }
    }
    return travelling;
  }
}
