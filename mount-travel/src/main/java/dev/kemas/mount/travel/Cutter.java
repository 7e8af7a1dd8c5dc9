package dev.kemas.mount.travel;

/**
 * Where chunks begin and end: decided by the content nearby, so that a change moves few borders.
 * Large files are cut by a rolling hash (gear hashing, as in FastCDC); small ones are put together,
 * and which file ends a chunk is decided by its own name and content. Pure; all numbers are part of
 * the format, for other borders are other digests.
 */
final class Cutter {
  /** Files of so many bytes have chunks of their own. */
  static final int LARGE = 256 << 10;

  /** No chunk is longer. */
  static final int MOST = 4 << 20;

  private static final int LEAST = 512 << 10;
  private static final int PACK_LEAST = 256 << 10;
  private static final int PACK_MOST = 2 << 20;
  private static final double PACK_USUAL = 1 << 20;

  /** What a file costs besides its bytes: many empty ones end a chunk, too. */
  private static final int FILE_WEIGHT = 256;

  /** Twenty bits: about one place in a MiB. */
  private static final long MASK = 0xFFFFFL << 44;

  private static final long[] GEAR = gear();

  private Cutter() {}

  /** SplitMix64 from a fixed seed: any numbers do, as long as they stay the same. */
  private static long[] gear() {
    long[] table = new long[256];
    long state = 0x6B656D6173L;
    for (int i = 0; i < table.length; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      table[i] = z ^ (z >>> 31);
    }
    return table;
  }

  /**
   * How long the first chunk of a large file's bytes is.
   *
   * @param count how many there are: {@link #MOST}, or fewer at the file's end
   */
  static int cut(byte[] bytes, int count) {
    long hash = 0;
    // the hash forgets what is 64 bytes back
    for (int i = Math.max(0, LEAST - 64); i < count; i++) {
      hash = (hash << 1) + GEAR[bytes[i] & 0xFF];
      if (i >= LEAST && (hash & MASK) == 0) {
        return i + 1;
      }
    }
    return count;
  }

  /**
   * Whether a file is the last one of its chunk.
   *
   * @param name the first bytes of a digest of its path and its content
   * @param packed bytes of the chunk with the file
   */
  static boolean ends(long name, int size, int packed) {
    if (packed < PACK_LEAST) {
      return false;
    }
    double chance = (name >>> 11) * 0x1.0p-53;
    return chance < (size + FILE_WEIGHT) / PACK_USUAL;
  }

  /** Whether a file is too much for what is packed already. */
  static boolean overflows(int packed, int size) {
    return packed > 0 && packed + size > PACK_MOST;
  }
}
