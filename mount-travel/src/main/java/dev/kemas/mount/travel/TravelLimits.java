package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;

/**
 * How much of a mount travels. What has no setting is in the constants: an artifact is a
 * stranger's, and whoever reads it may have little memory.
 *
 * @param mostBytes of the files of a mount, as they are on the disk
 */
public record TravelLimits(long mostBytes) {
  /** Two GiB of each mount. */
  public static final TravelLimits DEFAULT = new TravelLimits(2L << 30);

  static final int MOST_ENTRIES = 50_000;
  static final int MOST_SCANNED = 100_000;
  static final int MOST_PIECES = 200_000;
  static final int MOST_INDEX = 12 << 20;
  static final int MOST_PACKED_INDEX = 8 << 20;
  static final int MOST_MANIFEST = 4 << 20;
  static final int MOST_DEPTH = 100;
  static final int MOST_PATH = 4000;
  static final int MOST_XATTRS = 64 << 10;

  public TravelLimits {
    if (mostBytes <= 0) {
      throw new Fault.InvalidArgument("a mount of at most " + mostBytes + " bytes cannot travel");
    }
  }
}
