package dev.kemas.build;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

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
   * @param shell the program of the stage's SHELL
   * @param rerun runs something else in its place
   */
  record FailedStep(Executor.Command command, Path root, int code, String shell, Rerun rerun) {}

  /** Runs another command where a failed one was: same files, mounts, environment, network. */
  @FunctionalInterface
  interface Rerun {
    /**
     * Runs it to its end.
     *
     * @param cancelled ends it; that the build has failed does not
     * @return its exit code
     */
    int run(List<String> args, Executor.Output output, Cancellation cancelled);
  }

  /** The same, for the first failure alone. */
  default OnFailure once() {
    AtomicBoolean shown = new AtomicBoolean();
    return equals(NOTHING)
        ? NOTHING
        : step -> {
          if (shown.compareAndSet(false, true)) {
            failed(step);
          }
        };
  }

  /**
   * The failed RUN; valid until this returns. The build's other steps are told to stop by then; the
   * first that fails is shown, and no other. No place among the steps that run at once is taken.
   */
  void failed(FailedStep step);
}
