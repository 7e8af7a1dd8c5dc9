package dev.kemas.build.cache;

import java.time.Instant;
import java.util.List;

/**
 * One thing that the build cache keeps.
 *
 * @param id names it, on whatever shelf it stands
 * @param type a word of BuildKit's: {@code regular}, {@code source.local}, {@code exec.cachemount}
 * @param description for people: an instruction's text
 * @param parents ids of what it is built upon and that is in the cache, too
 * @param bytes on disk of it alone
 * @param inUse whether a build has it now
 * @param shared whether an image has it, too: its end frees nothing
 * @param uses how many builds had it
 */
public record CacheRecord(
    String id,
    String type,
    String description,
    List<String> parents,
    long bytes,
    boolean inUse,
    boolean shared,
    Instant created,
    Instant lastUsed,
    long uses) {
  /** What a step made. */
  public static final String STEP = "regular";

  /** A folder of {@code RUN --mount=type=cache}. */
  public static final String CACHE_MOUNT = "exec.cachemount";

  /** The engine's own. */
  public static final String INTERNAL = "internal";

  /** A client's folder. */
  public static final String LOCAL_SOURCE = "source.local";

  /** A repository. */
  public static final String GIT_SOURCE = "source.git.checkout";

  /** A file of an address. */
  public static final String WEB_SOURCE = "source.http";

  public CacheRecord {
    parents = List.copyOf(parents);
  }
}
