package dev.kemas.cli;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.CommandTable;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Help;
import dev.kemas.cli.command.Release;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.start.Engine;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call of the program: finds the command, parses its options, runs it, and turns every error
 * into one line and an exit status. Several may run in one virtual machine, each with a console of
 * its own.
 */
final class Program {
  private static final int BAD_FLAG = 125;

  private final Console console;
  private final Map<String, String> environment;

  Program(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /** Runs one command line; gives the exit status. */
  int run(List<String> words) {
    int status;
    try {
      status = dispatch(words);
      console.flush();
    } catch (Exit exit) {
      status = failed(exit.status(), exit.text(), exit);
    } catch (Fault fault) {
      status = failed(1, fault.getMessage(), fault);
    } catch (UsageError error) {
      status = failed(1, error.text(), error);
    } catch (RuntimeException defect) {
      status =
          failed(
              1,
              "kemas: an error of kemas itself: " + defect + "; KEMAS_DEBUG=1 shows where",
              defect);
    }
    return status;
  }

  private int failed(int status, String text, Throwable cause) {
    if (!text.isEmpty()) {
      console.error(text);
    }
    if (!environment.getOrDefault("KEMAS_DEBUG", "").isEmpty()) {
      cause.printStackTrace(System.err);
    }
    return status;
  }

  private static Flags globals() {
    return new Flags()
        .stopAtFirstArgument()
        .toggle("debug", 'D', "Show the Java stack of an error")
        .list("host", 'H', "Engine to connect to: unix:///path or tcp://host:port")
        .value("context", 'c', "string", "Accepted for habit's sake; only \"default\" exists")
        .value(
            "config",
            "string",
            "Folder of the client configuration with the logins (default ~/.docker)")
        .value("log-level", 'l', "string", "Accepted for habit's sake")
        .toggle("version", 'v', "Print version information and quit");
  }

  private int dispatch(List<String> words) {
    Flags globals = globals();
    try {
      globals.parse(words);
    } catch (UsageError error) {
      throw new Exit(BAD_FLAG, error.text() + hint("Usage:  kemas [OPTIONS] COMMAND", ""), error);
    }
    List<String> rest = globals.arguments();
    if (globals.isOn("version")) {
      console.line("Kemas version " + Release.VERSION);
      return 0;
    }
    boolean asksForHelp = globals.helpAsked() || rest.isEmpty();
    if (!rest.isEmpty() && rest.getFirst().equals("help")) {
      rest = rest.subList(1, rest.size());
      asksForHelp = true;
    }
    if (rest.isEmpty()) {
      console.print(Help.program(globals));
      return 0;
    }
    return named(globals, rest, asksForHelp);
  }

  private int named(Flags globals, List<String> words, boolean asksForHelp) {
    String path = words.getFirst();
    int used = 1;
    Optional<CommandTable.Entry> entry = CommandTable.find(path);
    if (entry.isEmpty()) {
      Optional<String> group = CommandTable.group(path);
      if (group.isEmpty()) {
        throw unknown(path, List.of());
      }
      if (words.size() == 1 || words.get(1).equals("--help")) {
        console.print(Help.group(path, group.get()));
        return 0;
      }
      path = path + " " + words.get(1);
      used = 2;
      entry = CommandTable.find(path);
      if (entry.isEmpty()) {
        throw unknown(path, words);
      }
    }
    return command(globals, path, entry.get(), words.subList(used, words.size()), asksForHelp);
  }

  /** What people type who know Docker, and what is to come. */
  private static final String NOT_YET =
      " commit cp diff stats update context buildx compose swarm plugin ";

  private static Exit unknown(String path, List<String> group) {
    if (NOT_YET.contains(" " + path + " ")) {
      return new Exit(
          1,
          "kemas: the command '"
              + path
              + "' is not there yet\n\nRun 'kemas --help' for the commands that are");
    }
    List<String> known = new ArrayList<>();
    String scope = group.isEmpty() ? "" : group.getFirst() + " ";
    if (group.isEmpty()) {
      for (CommandTable.Entry entry : CommandTable.all()) {
        known.add(entry.path());
      }
      for (String[] each : CommandTable.groups()) {
        known.add(each[0]);
      }
    } else {
      for (String[] member : CommandTable.members(group.getFirst())) {
        known.add(scope + member[0]);
      }
    }
    Optional<String> near = CommandTable.nearest(path, known);
    String question = near.isEmpty() ? "" : "\n\nDid you mean 'kemas " + near.get() + "'?";
    return new Exit(
        1,
        "kemas: unknown command: kemas "
            + path
            + question
            + "\n\nRun 'kemas "
            + scope
            + "--help' for more information");
  }

  private static String hint(String usage, String path) {
    return "\n\n" + usage + "\n\nRun 'kemas " + path + "--help' for more information";
  }

  private int command(
      Flags globals,
      String path,
      CommandTable.Entry entry,
      List<String> words,
      boolean asksForHelp) {
    Command command = Commands.create(entry.id());
    Flags flags = new Flags();
    command.declare(flags);
    try {
      if (command.passesWordsOn()) {
        flags.parse(asPassedOn(words, asksForHelp));
        return command.run(session(globals), flags);
      }
      flags.parse(words);
    } catch (UsageError error) {
      throw new Exit(
          BAD_FLAG,
          error.text() + nearest(error, flags) + hint(Help.usage(path, command), path + " "),
          error);
    }
    if (asksForHelp || flags.helpAsked()) {
      console.print(Help.command(path, entry, command, flags));
      return 0;
    }
    checkCount(path, command, flags.arguments().size());
    Session session = session(globals);
    try {
      return command.run(session, flags);
    } catch (UsageError error) {
      if (error.text().startsWith("invalid argument \"")) {
        throw new Exit(BAD_FLAG, error.text() + hint(Help.usage(path, command), path + " "), error);
      }
      throw refused(path, command, error.text(), error);
    } catch (Fault fault) {
      throw refused(path, command, fault.getMessage(), fault);
    } finally {
      // the end of the process closes everything at once, a millisecond faster
      if (!console.isProcess()) {
        session.close();
      }
    }
  }

  /** What a misspelled option was likely meant to be. */
  private static String nearest(UsageError error, Flags flags) {
    String unknown = "unknown flag: ";
    if (!error.text().startsWith(unknown)) {
      return "";
    }
    return CommandTable.nearest(error.text().substring(unknown.length()), flags.names())
        .map(name -> "\n\nDid you mean '" + name + "'?")
        .orElse("");
  }

  private static List<String> asPassedOn(List<String> words, boolean asksForHelp) {
    List<String> all = new ArrayList<>(List.of("--"));
    all.addAll(asksForHelp ? List.of("--help") : words);
    return all;
  }

  private Session session(Flags globals) {
    Map<String, String> variables = environment;
    if (globals.isSet("config")) {
      variables = new HashMap<>(environment);
      variables.put("DOCKER_CONFIG", globals.text("config"));
    }
    return new Session(
        console, variables, () -> Engine.open(globals.all("host"), environment, console));
  }

  private static Exit refused(String path, Command command, String text, Throwable cause) {
    int status = command.faultStatus();
    if (!command.hintsAtHelp()) {
      return new Exit(status, text, cause);
    }
    String whole = "kemas: " + text + "\n\nRun 'kemas " + path + " --help' for more information";
    return new Exit(status, whole, cause);
  }

  private static void checkCount(String path, Command command, int count) {
    int least = command.least();
    int most = command.most();
    if (count >= least && count <= most) {
      return;
    }
    String needs;
    String see = "Run";
    if (most == 0) {
      needs = "accepts no arguments";
    } else if (least == most) {
      needs = "requires " + least + plural(least);
    } else if (count < least) {
      needs = "requires at least " + least + plural(least);
      see = "See";
    } else {
      needs = "requires at most " + most + plural(most);
    }
    throw new Exit(
        1,
        "kemas: 'kemas "
            + path
            + "' "
            + needs
            + "\n\n"
            + Help.usage(path, command)
            + "\n\n"
            + see
            + " 'kemas "
            + path
            + " --help' for more information");
  }

  private static String plural(int count) {
    return count == 1 ? " argument" : " arguments";
  }
}
