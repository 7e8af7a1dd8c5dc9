package dev.kemas.build.cache;

/**
 * How much may stay, in bytes; 0 stands for no such limit. Without any limit nothing need stay.
 *
 * @param reserved that much is left in any case
 * @param maxUsed no more than that is left
 * @param minFree the disk shall have that much free
 */
public record CacheLimits(long reserved, long maxUsed, long minFree) {
  /** All may go. */
  public static final CacheLimits NONE = new CacheLimits(0, 0, 0);

  private static final long GIGABYTE = 1_000_000_000L;

  /** What is meant where nobody says anything, for a disk of that size. */
  public static CacheLimits usual(long disk) {
    return new CacheLimits(
        Math.min(disk / 10, 10 * GIGABYTE), Math.min(disk / 10 * 8, 100 * GIGABYTE), disk / 5);
  }

  /**
   * How many bytes may stay.
   *
   * @param used by what the limits hold for
   * @param free on the disk
   */
  long mayStay(long used, long free) {
    if (equals(NONE)) {
      return 0;
    }
    long most = maxUsed > 0 ? maxUsed : minFree > 0 ? used : reserved;
    if (minFree > free) {
      most = Math.min(most, used - (minFree - free));
    }
    return Math.max(most, reserved);
  }
}
