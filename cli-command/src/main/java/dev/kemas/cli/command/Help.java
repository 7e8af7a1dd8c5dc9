package dev.kemas.cli.command;

import dev.kemas.flag.FlagHelp;
import dev.kemas.flag.Flags;
import java.util.List;

/** Help texts in the form of the docker command. */
public final class Help {
  private Help() {}

  /** The help of the program. */
  public static String program(Flags globals) {
    StringBuilder out = new StringBuilder();
    out.append("Usage:  kemas [OPTIONS] COMMAND\n\n");
    out.append("Package programs as images, run them as isolated containers\n\n");
    out.append("Common Commands:\n");
    entries(out, CommandTable.common());
    out.append("\nManagement Commands:\n");
    for (String[] group : CommandTable.groups()) {
      entry(out, group[0], group[1], 12);
    }
    out.append("\nCommands:\n");
    entries(out, CommandTable.others());
    out.append("\nGlobal Options:\n");
    options(out, globals);
    out.append(
        """

        Environment:
          KEMAS_HOST     The engine to talk to (then DOCKER_HOST, then unix:///run/kemas/kemas.sock)
          KEMAS_DEBUG=1  Show the Java stack of an error

        First steps:
          kemas doctor                         see what this host offers
          kemas bootstrap debian:bookworm-slim make a base image without any registry
          kemas run --rm -it debian:bookworm-slim bash

        Run 'kemas COMMAND --help' for more information on a command.
        """);
    return out.toString();
  }

  private static void entries(StringBuilder out, List<CommandTable.Entry> entries) {
    for (CommandTable.Entry entry : entries) {
      entry(out, entry.path(), entry.summary(), 12);
    }
  }

  private static void entry(StringBuilder out, String name, String summary, int width) {
    out.append("  ").append(name);
    out.append(" ".repeat(Math.max(1, width - name.length()))).append(summary).append('\n');
  }

  private static void options(StringBuilder out, Flags flags) {
    for (String line : FlagHelp.lines(flags)) {
      out.append(line).append('\n');
    }
  }

  /** The help of a group. */
  public static String group(String name, String summary) {
    StringBuilder out = new StringBuilder();
    out.append("Usage:  kemas ").append(name).append(" COMMAND\n\n").append(summary);
    out.append("\n\nCommands:\n");
    for (String[] member : CommandTable.members(name)) {
      entry(out, member[0], member[1], 12);
    }
    out.append("\nRun 'kemas ").append(name);
    out.append(" COMMAND --help' for more information on a command.\n");
    return out.toString();
  }

  /** The usage line of a command as it was called. */
  public static String usage(String path, Command command) {
    String rest = command.usage();
    return "Usage:  kemas " + path + (rest.isEmpty() ? "" : " " + rest);
  }

  /** The help of a command. */
  public static String command(
      String path, CommandTable.Entry entry, Command command, Flags flags) {
    StringBuilder out = new StringBuilder(usage(path, command));
    out.append("\n\n").append(entry.summary()).append('\n');
    if (entry.paths().size() > 1) {
      out.append("\nAliases:\n  ");
      String separator = "";
      for (String alias : entry.paths()) {
        out.append(separator).append("kemas ").append(alias);
        separator = ", ";
      }
      out.append('\n');
    }
    if (!FlagHelp.lines(flags).isEmpty()) {
      out.append("\nOptions:\n");
      options(out, flags);
    }
    List<String> examples = command.examples();
    if (!examples.isEmpty()) {
      out.append("\nExamples:\n");
      for (String example : examples) {
        out.append("  ").append(example).append('\n');
      }
    }
    return out.toString();
  }
}
