package dev.kemas.mount.travel;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Brings chunks to a place that lacks them. Given chunks by one thread. */
final class ChunkWriter implements AutoCloseable {
  private final MountPlace place;
  private final TravelWatch watch;
  private final Map<Digest, Chunk> known = new HashMap<>();
  private final Map<Digest, Chunk> there = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicLong sentBytes = new AtomicLong();
  private final Lanes lanes = new Lanes();

  /**
   * @param before the index that the place has now: what is in it need not be packed again
   */
  ChunkWriter(MountPlace place, Iterable<Chunk> before, TravelWatch watch) {
    this.place = place;
    this.watch = watch;
    before.forEach(chunk -> known.put(chunk.plain(), chunk));
  }

  /** Begins to bring one there; the bytes are not to be changed any more. */
  Future<Chunk> add(byte[] plain) {
    watch.check();
    return lanes.begin(() -> bring(plain));
  }

  private Chunk bring(byte[] plain) throws IOException {
    watch.check();
    Digest digest = Digest.of(plain);
    Chunk same = there.get(digest);
    if (same != null) {
      return same;
    }
    Chunk before = known.get(digest);
    Chunk chunk = before != null && place.has(before.descriptor()) ? before : packed(plain, digest);
    there.put(digest, chunk);
    return chunk;
  }

  private Chunk packed(byte[] plain, Digest digest) throws IOException {
    byte[] packed = Chunk.pack(plain);
    Chunk chunk = new Chunk(Digest.of(packed), packed.length, digest, plain.length);
    if (!place.has(chunk.descriptor())) {
      place.put(chunk.descriptor(), packed);
      sent.incrementAndGet();
      sentBytes.addAndGet(packed.length);
      watch.moved(packed.length);
    }
    return chunk;
  }

  /** Waits until all are there. */
  void await() {
    lanes.await();
  }

  int sent() {
    return sent.get();
  }

  long sentBytes() {
    return sentBytes.get();
  }

  @Override
  public void close() {
    lanes.close();
  }
}
