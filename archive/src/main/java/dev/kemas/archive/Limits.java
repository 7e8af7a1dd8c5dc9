package dev.kemas.archive;

import dev.kemas.fault.Fault;

/**
 * How much an archive may unfold to before it is refused with {@link Fault.ResourceExhausted}.
 *
 * @param bytes the most bytes after decompression, and the most that the files in it may take
 * @param entries the most entries
 * @param ratio the most bytes that one compressed byte may become, looked at once 16 MiB came out:
 *     gzip ends at 1032, and plain zeroes reach it
 */
public record Limits(long bytes, long entries, long ratio) {
  private static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  public Limits {
    if (bytes < 0 || entries < 0 || ratio < 1) {
      throw new Fault.InvalidArgument(
          "limits of an archive must be positive: " + bytes + ", " + entries + ", " + ratio);
    }
  }

  /** As much as fits on the disk: for what a trusted user hands in. */
  public static Limits none() {
    return NONE;
  }

  /** At most so many bytes and entries. */
  public static Limits of(long bytes, long entries) {
    return new Limits(bytes, entries, Long.MAX_VALUE);
  }

  /** The same with a limit on the ratio of decompression. */
  public Limits withRatio(long most) {
    return new Limits(bytes, entries, most);
  }
}
