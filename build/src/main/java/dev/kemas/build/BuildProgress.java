package dev.kemas.build;

/** Is told what a build does. Events come one at a time, in the order of the Dockerfile. */
@FunctionalInterface
public interface BuildProgress {
  /** One event; must not throw for the build to go on. */
  void event(BuildEvent event);
}
