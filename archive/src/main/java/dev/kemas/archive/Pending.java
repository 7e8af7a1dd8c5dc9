package dev.kemas.archive;

import dev.kemas.fault.Fault;

/** Stands for what is being written, so that others can compile against the contract. */
final class Pending {
  private Pending() {}

  static Fault fault(String what) {
    return new Fault.Unsupported(what + " is not there yet");
  }
}
