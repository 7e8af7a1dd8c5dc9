package dev.kemas.build.files;

import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Digests of files' content, each file read once in a build, as far as they are no more than are
 * remembered. Safe for several threads. A file that is changed while a build reads its context may
 * be taken for the old one only if size, time and inode are the same.
 */
public final class FileDigests {
  private static final int CHUNK = 1 << 16;

  /** Some 300 bytes each: a build's memory must not grow with its context. */
  private static final int MOST_KNOWN = 50_000;

  private record Key(int major, int minor, long inode, long size, Instant modified) {}

  private final Function<Stat, Optional<Digest>> before;
  private final Map<Key, Digest> known = new ConcurrentHashMap<>();

  /** Knows of nothing yet. */
  public FileDigests() {
    this(stat -> Optional.empty());
  }

  /**
   * Knows what somebody else found out.
   *
   * @param before the digest of a file that is as the kernel says here; safe for several threads
   */
  public FileDigests(Function<Stat, Optional<Digest>> before) {
    this.before = before;
  }

  private static Key key(Stat stat) {
    return new Key(
        stat.deviceMajor(), stat.deviceMinor(), stat.inode(), stat.size(), stat.modified());
  }

  /** The digest of a file's content where it need not be read. */
  Optional<Digest> known(Stat stat) {
    return Optional.ofNullable(known.get(key(stat))).or(() -> before.apply(stat));
  }

  /** The digest of an open file's content, which is read from the present position if need be. */
  Digest of(OpenFile file, Stat stat) {
    Optional<Digest> found = known(stat);
    if (found.isPresent()) {
      return found.get();
    }
    MessageDigest hasher = Digest.sha256Hasher();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    while (file.read(buffer) >= 0) {
      hasher.update(buffer.flip());
      buffer.clear();
    }
    Digest digest = Digest.sha256(hasher.digest());
    if (known.size() < MOST_KNOWN) {
      known.put(key(stat), digest);
    }
    return digest;
  }
}
