package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A place in memory that counts what travels, and fails when it is told to. */
final class TestPlace implements MountPlace {
  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  final List<Descriptor> fetched = Collections.synchronizedList(new ArrayList<>());
  final List<Descriptor> sent = Collections.synchronizedList(new ArrayList<>());
  volatile Optional<byte[]> manifest = Optional.empty();
  volatile int failsAfter = Integer.MAX_VALUE;

  private void count(List<Descriptor> list, Descriptor blob) {
    if (fetched.size() + sent.size() >= failsAfter) {
      throw new Fault.Unavailable("the place is down");
    }
    list.add(blob);
  }

  /** Chunks that were fetched or sent. */
  static List<Descriptor> chunks(List<Descriptor> of) {
    return of.stream().filter(blob -> blob.mediaType().equals(Chunk.MEDIA_TYPE)).toList();
  }

  static long bytes(List<Descriptor> of) {
    return of.stream().mapToLong(Descriptor::size).sum();
  }

  void forget() {
    fetched.clear();
    sent.clear();
  }

  @Override
  public String name() {
    return "the test's place";
  }

  @Override
  public Optional<byte[]> manifest() {
    return manifest;
  }

  @Override
  public InputStream open(Descriptor blob) {
    count(fetched, blob);
    byte[] bytes = blobs.get(blob.digest());
    if (bytes == null) {
      throw new Fault.NotFound("blob", blob.digest().toString(), "no blob " + blob.digest());
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public boolean has(Descriptor blob) {
    return blobs.containsKey(blob.digest());
  }

  @Override
  public void put(Descriptor blob, byte[] bytes) {
    count(sent, blob);
    blobs.put(blob.digest(), bytes);
  }

  @Override
  public void publish(Descriptor described, byte[] bytes) {
    manifest = Optional.of(bytes);
  }

  /** What a stranger put there: an artifact with this index. */
  void stranger(byte[] plainIndex) {
    byte[] packed = com.github.luben.zstd.Zstd.compress(plainIndex);
    Descriptor index = Descriptor.of(MountIndex.MEDIA_TYPE, Digest.of(packed), packed.length);
    blobs.put(index.digest(), packed);
    manifest = Optional.of(Artifact.manifest("any", index, List.of()));
  }

  Chunk chunk(byte[] plain) {
    byte[] packed = Chunk.pack(plain);
    Chunk chunk = new Chunk(Digest.of(packed), packed.length, Digest.of(plain), plain.length);
    blobs.put(chunk.blob(), packed);
    return chunk;
  }
}
