package dev.kemas.runtime;

import java.time.Instant;

/** What a container's bundle and the kernel say about it, whoever made it. */
public sealed interface Observed {
  /** It was made and has not ended; it may not have been started yet. */
  record Alive(int pid, int conmonPid) implements Observed {}

  /** It has ended. */
  record Ended(Exit exit) implements Observed {}

  /** There is no process and no exit code: it was never made whole. */
  record Absent() implements Observed {}

  /**
   * How a container ended.
   *
   * @param code the process's exit code, or 128 plus the signal that ended it
   * @param at when conmon saw it
   * @param watched false when conmon itself was killed, so that the code is not known and 137
   *     stands for it: the container was killed, since nobody kept its output any more
   */
  record Exit(int code, Instant at, boolean watched) {}
}
