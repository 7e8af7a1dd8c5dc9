package dev.kemas.cli.command;

import dev.kemas.flag.Flags;
import java.util.List;

/** One command: its options, its place in a help text, and what it does. One object serves once. */
public abstract class Command {
  /** Any number of arguments. */
  protected static final int MANY = Integer.MAX_VALUE;

  protected Command() {}

  /** What follows the name in the usage line: {@code [OPTIONS] CONTAINER}. */
  public abstract String usage();

  /** Declares the options. */
  public void declare(Flags flags) {}

  /** The fewest arguments that make sense. */
  public int least() {
    return 0;
  }

  /** The most arguments that make sense. */
  public int most() {
    return MANY;
  }

  /** What {@code kemas completion} offers for an argument: a word that the shell scripts know. */
  public String completes() {
    return "";
  }

  /** Whether its words go to another program, options and {@code --help} included. */
  public boolean passesWordsOn() {
    return false;
  }

  /** Does it, and gives the exit status. */
  public abstract int run(Session session, Flags flags);

  /** The exit status when the engine refuses. */
  public int faultStatus() {
    return 1;
  }

  /**
   * Whether an error is shown with the program's name before it and a hint at the help after it.
   */
  public boolean hintsAtHelp() {
    return false;
  }

  /** Lines at the end of the help text: examples. */
  public List<String> examples() {
    return List.of();
  }
}
