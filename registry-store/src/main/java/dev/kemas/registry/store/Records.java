package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Small values by key: tags, manifests, links to blobs. A key is a path of segments parted by
 * slashes, {@code repositories/a/b/_tags/latest}; a segment has 1 to 255 bytes of printable ASCII.
 * Two implementations, in a folder and in a bucket, one contract suite.
 *
 * <p>All methods may be called from any thread. A write is whole or not at all, on the disk when it
 * returns, and seen by every read that begins afterwards, also by another server on the same store.
 */
public interface Records {
  /** A value that was read. */
  final class Value {
    private final byte[] bytes;
    private final Instant writtenAt;

    Value(byte[] bytes, Instant writtenAt) {
      this.bytes = bytes;
      this.writtenAt = writtenAt;
    }

    /** Not to be changed. */
    public byte[] bytes() {
      return bytes;
    }

    /** When it was written last. */
    public Instant writtenAt() {
      return writtenAt;
    }
  }

  /**
   * A line of a listing.
   *
   * @param name the last segment of the key
   */
  record Entry(String name, Instant writtenAt) {}

  /** Reads a value; empty where there is none. */
  Optional<Value> read(String key);

  /**
   * Writes a value in the place of what is there.
   *
   * @throws Fault.ResourceExhausted when the store is full
   */
  void write(String key, byte[] value);

  /**
   * Deletes a value.
   *
   * @return false when it was not there; a store that cannot tell says true
   */
  boolean delete(String key);

  /**
   * The values directly below a key, in the order of their bytes.
   *
   * @param below without a slash at its end
   * @param after only names behind this one; empty for all
   * @param most how many at most
   */
  List<Entry> list(String below, String after, int most);
}
