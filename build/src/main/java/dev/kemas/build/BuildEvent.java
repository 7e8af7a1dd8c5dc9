package dev.kemas.build;

import dev.kemas.build.explain.Explanation;
import dev.kemas.build.plan.Step;
import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.SourceRange;
import dev.kemas.image.Progress;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;

/**
 * Something that happened in a build. Steps are told apart by numbers and go on at the same time;
 * {@link ClassicOrder} puts them one after the other, {@link ClassicText} has Docker's words.
 */
public sealed interface BuildEvent {

  /** An event of one step. */
  sealed interface OfStep extends BuildEvent {
    /** The step's number, from 1. */
    int number();
  }

  /** All steps that the build will go through, with their numbers; comes before all of theirs. */
  record Planned(List<PlannedStep> steps) implements BuildEvent {
    public Planned {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step to come.
   *
   * @param total how many steps the Dockerfile has for this platform
   * @param platform that it is done for
   * @param stage which of the build's stages it belongs to, from 0; those of other platforms
   *     included
   * @param label the stage's name, or its number in the Dockerfile
   * @param kind what it does; empty for an ARG before the first FROM
   * @param text the instruction
   * @param range where it stands in the Dockerfile; empty for an ARG before the first FROM
   * @param inputs numbers of the steps that it waits for
   */
  record PlannedStep(
      int number,
      int total,
      Platform platform,
      int stage,
      String label,
      Optional<Step.Kind> kind,
      String text,
      Optional<SourceRange> range,
      List<Integer> inputs) {
    public PlannedStep {
      inputs = List.copyOf(inputs);
    }
  }

  /** A step begins. */
  record StepStarted(int number, int total, String text) implements OfStep {}

  /** The triggers of the base image follow the step as steps. */
  record Triggers(int number, int count) implements OfStep {}

  /** The step's result was known. */
  record StepCached(int number) implements OfStep {}

  /** The step's process runs, in the container of that id. */
  record StepRunning(int number, String containerId) implements OfStep {}

  /** Output of the step's process, cut anywhere. */
  record StepOutput(int number, boolean stderr, String text) implements OfStep {}

  /** The step's process ended with this exit code, so the build fails with this message. */
  record CommandFailed(int number, int code, String message) implements OfStep {}

  /** The step failed, of itself and not because another one did; so does the build. */
  record StepFailed(int number, String message) implements OfStep {}

  /** The step's container is gone. */
  record ContainerRemoved(int number, String containerId) implements OfStep {}

  /**
   * The step is done.
   *
   * @param shortId twelve digits that name its result; empty when there is nothing to name
   */
  record StepFinished(int number, String shortId) implements OfStep {}

  /** A task begins that is no step: a base image or a context is fetched, the result exported. */
  record TaskStarted(int task, String name) implements BuildEvent {}

  /** How far a task is, see {@link TaskProgress#part}. */
  record TaskPart(int task, String what, long current, long total, boolean done)
      implements BuildEvent {}

  /**
   * A task is over.
   *
   * @param error what went wrong; empty for nothing
   */
  record TaskFinished(int task, Optional<String> error) implements BuildEvent {}

  /** Why the steps ran, those that did; comes once, after the last of them. */
  record Explained(List<Explanation> steps) implements BuildEvent {
    public Explained {
      steps = List.copyOf(steps);
    }
  }

  /** A base image is being pulled. */
  record Pull(int task, Progress.Event event) implements BuildEvent {}

  /** Something that is likely not meant. */
  record Warning(String text) implements BuildEvent {}

  /**
   * A build check found something.
   *
   * @param file the Dockerfile's name
   */
  record Finding(Lint lint, String file) implements BuildEvent {}

  /** The image is there. */
  record Built(Digest id) implements BuildEvent {}

  /** The image has a name. */
  record Tagged(Reference name) implements BuildEvent {}
}
