package dev.kemas.linux;

import java.lang.foreign.MemorySegment;

/** A part of a file as memory. */
public final class MappedFile {
  /** include/uapi/asm-generic/mman-common.h */
  private static final int MADV_SEQUENTIAL = 2;

  /** The same; since Linux 5.14. */
  private static final int MADV_POPULATE_READ = 22;

  private static final Libc.Call MADVISE = Libc.bind("madvise", 3);

  private MappedFile() {}

  /**
   * Brings a part into memory, read from the disk in large pieces and in one go, where it would
   * else be fetched page by page as somebody comes to it. Waits for the disk; what cannot be
   * brought is left for who comes to it (madvise(2)).
   *
   * @param mapped from the beginning of a page
   */
  public static void bring(MemorySegment mapped) {
    try (Scratch s = Scratch.take()) {
      MADVISE.asInt(s, mapped.address(), mapped.byteSize(), MADV_SEQUENTIAL);
      MADVISE.asInt(s, mapped.address(), mapped.byteSize(), MADV_POPULATE_READ);
    }
  }
}
