package dev.kemas.build;

import java.nio.file.Path;
import java.util.List;

/**
 * Is shown a RUN that failed before its file system and what was lent to it are dropped: {@code
 * kemas build --on-error=shell}. The build waits for it and fails afterwards.
 */
@FunctionalInterface
public interface OnFailure {
  /** Looks away. */
  OnFailure NOTHING = step -> {};

  /**
   * A RUN that failed.
   *
   * @param command what was run
   * @param root its file system as it left it, mounted
   * @param code its exit code
   * @param rerun runs something else in its place
   */
  record FailedStep(Executor.Command command, Path root, int code, Rerun rerun) {}

  /** Runs another command where a failed one was: same files, mounts, environment, network. */
  @FunctionalInterface
  interface Rerun {
    /**
     * Runs it to its end.
     *
     * @return its exit code
     */
    int run(List<String> args, Executor.Output output, Cancellation cancelled);
  }

  /** The failed RUN; valid until this returns. */
  void failed(FailedStep step);
}
