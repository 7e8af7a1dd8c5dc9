package dev.kemas.build;

/**
 * Is told what a build does. Events come one at a time; those of steps that go on at the same time
 * are mixed.
 */
@FunctionalInterface
public interface BuildProgress {
  /** One event; must not throw for the build to go on. */
  void event(BuildEvent event);
}
