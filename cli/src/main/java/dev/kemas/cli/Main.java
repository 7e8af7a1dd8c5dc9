package dev.kemas.cli;

import dev.kemas.cli.command.Console;
import java.util.ArrayList;
import java.util.Arrays;

/** The program {@code kemas}. */
public final class Main {
  private Main() {}

  /** Runs one command line and ends the process with its status. */
  public static void main(String[] words) {
    boolean trains = words.length == 1 && words[0].equals(Training.WORD);
    int status =
        trains
            ? Training.run()
            : new Program(Console.ofProcess(), System.getenv())
                .run(new ArrayList<>(Arrays.asList(words)));
    // no hooks, no joining of threads: everything that must end has ended (start-up time)
    Runtime.getRuntime().halt(status);
  }
}
