package dev.kemas.registry.server.repository;

import dev.kemas.oci.Digest;
import java.util.Arrays;

/**
 * A set of very many digests by their first eight bytes: two that share these count as one, which
 * keeps a blob that could go, and nothing worse. Eight bytes each instead of two hundred.
 */
final class DigestSet {
  private long[] keys = new long[1024];
  private int size;
  private boolean sorted = true;

  void add(Digest digest) {
    if (size == keys.length) {
      compact();
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
    }
    keys[size++] = key(digest);
    sorted = false;
  }

  boolean contains(Digest digest) {
    if (!sorted) {
      compact();
    }
    return Arrays.binarySearch(keys, 0, size, key(digest)) >= 0;
  }

  private void compact() {
    Arrays.sort(keys, 0, size);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (kept == 0 || keys[i] != keys[kept - 1]) {
        keys[kept++] = keys[i];
      }
    }
    size = kept;
    sorted = true;
  }

  private static long key(Digest digest) {
    return Long.parseUnsignedLong(digest.hex(), 0, 16, 16);
  }
}
