package dev.kemas.network;

/**
 * Takes back what was done before something failed. Each step is tried, whatever becomes of the
 * others; what fails is kept with the failure that started it.
 */
final class Undo {
  private final Throwable cause;

  private Undo(Throwable cause) {
    this.cause = cause;
  }

  static Undo after(Throwable cause) {
    return new Undo(cause);
  }

  Undo with(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      cause.addSuppressed(e);
    }
    return this;
  }
}
