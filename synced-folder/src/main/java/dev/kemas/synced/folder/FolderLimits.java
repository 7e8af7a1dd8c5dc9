package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import java.time.Duration;

/**
 * What a client's folder may be.
 *
 * @param entries how many
 * @param bytes of all its files together, holes counted
 * @param depth how deep directories may be nested
 * @param copies how many copies of one folder are kept for different selections of its files
 * @param patience how long a build waits for another one that receives the same folder and makes no
 *     progress, before it receives a copy of its own
 * @param keptBytes of all copies that nobody uses together; the longest unused ones go
 * @param keptFor how long a copy is kept that nobody uses
 */
public record FolderLimits(
    long entries,
    long bytes,
    int depth,
    int copies,
    Duration patience,
    long keptBytes,
    Duration keptFor) {
  /** Two million entries, 256 GiB; 20 GiB are kept for a week. */
  public static final FolderLimits DEFAULT =
      new FolderLimits(
          2_000_000, 256L << 30, 200, 4, Duration.ofSeconds(30), 20L << 30, Duration.ofDays(7));

  public FolderLimits {
    if (entries < 1 || bytes < 1 || depth < 1 || copies < 1) {
      throw new Fault.InvalidArgument("limits of synced folders must be positive");
    }
  }
}
