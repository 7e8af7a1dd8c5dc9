package dev.kemas.build;

import dev.kemas.image.Progress;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;

/** Something that happened in a build. {@link ClassicText} has the words for each. */
public sealed interface BuildEvent {

  /** A step begins; numbers count from 1. */
  record StepStarted(int number, int total, String text) implements BuildEvent {}

  /** The triggers of the base image follow as steps. */
  record Triggers(int count) implements BuildEvent {}

  /** The step's result was known. */
  record StepCached(int number) implements BuildEvent {}

  /** The step's process runs, in the container of that id. */
  record StepRunning(int number, String containerId) implements BuildEvent {}

  /** Output of the step's process, cut anywhere. */
  record StepOutput(int number, boolean stderr, String text) implements BuildEvent {}

  /** The step's process ended with this exit code, so the build fails with this message. */
  record CommandFailed(int number, int code, String message) implements BuildEvent {}

  /** The step's container is gone. */
  record ContainerRemoved(int number, String containerId) implements BuildEvent {}

  /**
   * The step is done.
   *
   * @param shortId twelve digits that name its result; empty when there is nothing to name
   */
  record StepFinished(int number, String shortId) implements BuildEvent {}

  /** A base image is being pulled. */
  record Pull(Progress.Event event) implements BuildEvent {}

  /** Something that is likely not meant. */
  record Warning(String text) implements BuildEvent {}

  /** The image is there. */
  record Built(Digest id) implements BuildEvent {}

  /** The image has a name. */
  record Tagged(Reference name) implements BuildEvent {}
}
