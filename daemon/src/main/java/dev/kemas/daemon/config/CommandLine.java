package dev.kemas.daemon.config;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The arguments of the command, read as dockerd reads them: {@code --flag value}, {@code
 * --flag=value}, {@code -D}, {@code -Hvalue}.
 */
public final class CommandLine {
  private CommandLine() {}

  /**
   * What was given, each option with its values.
   *
   * @throws Fault.InvalidArgument for an unknown flag, a missing or bad value, a stray argument
   */
  public static Map<Option, List<String>> parse(List<String> arguments) {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (argument.startsWith("--") && argument.length() > 2) {
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        Option option =
            Option.ofFlag(name)
                .orElseThrow(() -> new Fault.InvalidArgument("unknown flag: --" + name));
        put(
            given,
            option,
            equals < 0 ? value(option, argument, rest) : argument.substring(equals + 1));
      } else if (argument.startsWith("-") && argument.length() > 1) {
        letters(given, argument, rest);
      } else {
        throw new Fault.InvalidArgument("\"kemasd\" accepts no arguments: " + argument);
      }
    }
    return given;
  }

  private static void letters(
      Map<Option, List<String>> given, String argument, Iterator<String> rest) {
    for (int i = 1; i < argument.length(); i++) {
      String letter = argument.substring(i, i + 1);
      Option option =
          Option.ofLetter(letter)
              .orElseThrow(() ->
                  new Fault.InvalidArgument(
                      "unknown shorthand flag: '" + letter + "' in " + argument));
      String attached = argument.substring(i + 1);
      if (option.kind() == Option.Kind.FLAG && !attached.startsWith("=")) {
        put(given, option, "true");
        continue;
      }
      put(
          given,
          option,
          attached.isEmpty()
              ? value(option, "'" + letter + "' in " + argument, rest)
              : attached.startsWith("=") ? attached.substring(1) : attached);
      return;
    }
  }

  private static String value(Option option, String shown, Iterator<String> rest) {
    if (option.kind() == Option.Kind.FLAG) {
      return "true";
    }
    if (!rest.hasNext()) {
      throw new Fault.InvalidArgument("flag needs an argument: " + shown);
    }
    return rest.next();
  }

  private static void put(Map<Option, List<String>> given, Option option, String value) {
    if (option.kind() == Option.Kind.FLAG && !value.equals("true") && !value.equals("false")) {
      throw new Fault.InvalidArgument(
          "invalid argument \"" + value + "\" for \"--" + option.flag() + "\" flag: not a boolean");
    }
    List<String> values = given.computeIfAbsent(option, o -> new ArrayList<>());
    if (!option.repeatable()) {
      values.clear();
    }
    values.add(value);
  }

  /** The text of {@code --help}. */
  public static String help() {
    return Stream.of(Option.values())
        .map(Option::line)
        .collect(
            Collectors.joining(
                "\n",
                "Usage:  kemasd [OPTIONS]\n\nA container engine that speaks the Docker Engine"
                    + " API.\n\nOptions:\n",
                "\n"));
  }
}
