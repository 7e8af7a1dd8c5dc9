package dev.kemas.build;

import dev.kemas.image.Progress;

/** Is told how a task goes that is no step of the Dockerfile: a pull, a context, an export. */
public interface TaskProgress {
  /** Tells nobody. */
  TaskProgress NONE =
      new TaskProgress() {
        @Override
        public void part(String what, long current, long total, boolean done) {
          // nobody listens
        }

        @Override
        public void pull(Progress.Event event) {
          // nobody listens
        }

        @Override
        public void event(BuildEvent event) {
          // nobody listens
        }
      };

  /**
   * A part of the task.
   *
   * @param what its name, such as {@code exporting layers} or a layer's digest; the same name again
   *     is the same part
   * @param current how much of it is done, in bytes
   * @param total how much there is; 0 when that is unknown
   * @param done whether it is finished
   */
  void part(String what, long current, long total, boolean done);

  /** Something to say on its own, such as {@code naming to docker.io/library/app:1}. */
  default void say(String what) {
    part(what, 0, 0, true);
  }

  /** A step of a pull. */
  void pull(Progress.Event event);

  /** An event that doors show in words of their own. */
  void event(BuildEvent event);
}
