package dev.kemas.snapshot;

/** Stands before every change of the disk, so that a test can end the process at any of them. */
@FunctionalInterface
interface Gate {
  /** Lets everything pass. */
  Gate OPEN = step -> {};

  /**
   * Called before a change is made.
   *
   * @param step what is about to be done
   */
  void pass(String step);
}
