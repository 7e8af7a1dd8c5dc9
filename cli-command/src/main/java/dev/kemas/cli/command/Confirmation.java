package dev.kemas.cli.command;

import dev.kemas.fault.Fault;
import java.io.IOException;

/** A question before something is lost. */
public final class Confirmation {
  private Confirmation() {}

  /** Shows the warning and asks; only a line that starts with y is a yes. */
  public static boolean ask(Console console, String warning) {
    console.print(warning + "\nAre you sure you want to continue? [y/N] ");
    console.flush();
    try {
      int first = console.in().read();
      int c = first;
      while (c >= 0 && c != '\n') {
        c = console.in().read();
      }
      return first == 'y' || first == 'Y';
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read the answer: " + e.getMessage(), e);
    }
  }
}
