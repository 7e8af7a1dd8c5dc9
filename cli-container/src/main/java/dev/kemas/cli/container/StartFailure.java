package dev.kemas.cli.container;

import dev.kemas.cli.command.Exit;
import dev.kemas.fault.Fault;

/** A container that could not be started: the exit status that its words stand for. */
final class StartFailure {
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;
  private static final int ENGINE = 125;

  private StartFailure() {}

  /** 127 for a program that is not there, 126 for one that may not be run, else 125. */
  static int status(String text) {
    if (text.contains("executable file not found")
        || text.contains("no such file or directory")
        || text.contains("system cannot find the file specified")) {
      return NOT_FOUND;
    }
    if (text.contains("permission denied") || text.contains("is a directory")) {
      return NOT_EXECUTABLE;
    }
    return ENGINE;
  }

  static Exit of(Fault fault) {
    return new Exit(
        status(fault.getMessage()),
        "kemas: " + fault.getMessage() + "\n\nRun 'kemas run --help' for more information",
        fault);
  }
}
