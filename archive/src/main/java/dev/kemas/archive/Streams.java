package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;

/** Faults that had to travel as IOException, through the interfaces of java.io. */
final class Streams {
  private Streams() {}

  /**
   * Throws the fault that a stream of this project's own wrapped; else gives the exception back.
   */
  static IOException unwrapped(IOException e) {
    if (e.getCause() instanceof Fault fault) {
      throw fault;
    }
    return e;
  }
}
