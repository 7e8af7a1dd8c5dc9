package dev.kemas.linux;

import java.lang.foreign.MemorySegment;

/** Has the kernel read a file before somebody waits for it. */
public final class ReadAhead {
  /** include/uapi/asm-generic/mman-common.h */
  private static final int MADV_WILLNEED = 3;

  /** The kernel leaves off what is above a device's largest request, which is 1280 KiB on most. */
  private static final long STEP = 1L << 20;

  private static final Libc.Call MADVISE = Libc.bind("madvise", 3);

  private ReadAhead() {}

  /**
   * Begins to read the file behind a piece of memory; does not wait for it, and changes nothing
   * where the kernel has no time for it (madvise(2)).
   *
   * @param mapped a part of a file, from the beginning of a page
   */
  public static void begin(MemorySegment mapped) {
    try (Scratch s = Scratch.take()) {
      for (long at = 0; at < mapped.byteSize(); at += STEP) {
        long length = Math.min(STEP, mapped.byteSize() - at);
        MADVISE.asInt(s, mapped.address() + at, length, MADV_WILLNEED);
      }
    }
  }
}
