package dev.kemas.cli;

import dev.kemas.cli.command.Console;
import java.util.Arrays;

/** The program {@code kemas}. */
public final class Main {
  private Main() {}

  /** Runs one command line and ends the process with its status. */
  public static void main(String[] words) {
    int status = new Program(Console.ofProcess(), System.getenv()).run(Arrays.asList(words));
    // no hooks, no joining of threads: everything that must end has ended (start-up time)
    Runtime.getRuntime().halt(status);
  }
}
