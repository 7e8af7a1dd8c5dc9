package dev.kemas.buildkit;

import java.time.Duration;

/**
 * How much of ended builds is kept; what is pinned is kept beyond it.
 *
 * @param count records at most
 * @param age none is older
 * @param bytes all together, at most
 */
public record HistoryLimits(int count, Duration age, long bytes) {
  /** Enough to look at last month's builds. */
  public static final HistoryLimits DEFAULT =
      new HistoryLimits(200, Duration.ofDays(30), 256L << 20);
}
