package dev.kemas.cli.stream;

import dev.kemas.linux.SignalHandler;
import java.util.function.Consumer;

/** Signals to this program that mean a container or its terminal. */
public final class Signals {
  private static final String[] FORWARDED = {"HUP", "INT", "TERM", "USR1", "CONT"};

  private Signals() {}

  /**
   * Does the slow part of catching signals, on another thread: four milliseconds that pass while
   * the engine creates the container.
   */
  public static void warmUp() {
    Thread.ofPlatform().daemon().start(SignalHandler::warmUp);
  }

  /** Calls {@code forward} with the name of each signal that a container should get. */
  public static void forward(Consumer<String> forward) {
    for (String name : FORWARDED) {
      SignalHandler.on(name, () -> forward.accept(name));
    }
  }

  /** Calls {@code resized} whenever the window of the terminal changes. */
  public static void onResize(Runnable resized) {
    SignalHandler.on("WINCH", resized);
  }
}
