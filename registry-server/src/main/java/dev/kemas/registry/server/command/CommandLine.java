package dev.kemas.registry.server.command;

import dev.kemas.fault.Fault;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arguments of the command: {@code --flag value} and {@code --flag=value}. */
final class CommandLine {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)i?b?");
  private static final Pattern ADDRESS = Pattern.compile("(.*):(\\d{1,5})");

  private final Map<Option, String> given;

  private CommandLine(Map<Option, String> given) {
    this.given = given;
  }

  /**
   * Reads them.
   *
   * @throws Fault.InvalidArgument for an unknown flag, a missing value, a stray argument
   */
  static CommandLine parse(List<String> arguments) {
    Map<Option, String> given = new EnumMap<>(Option.class);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-")) {
        throw new Fault.InvalidArgument(
            "\"kemas registry serve\" accepts no arguments: " + argument);
      }
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      Option option =
          Option.ofFlag(flag.equals("-h") ? "--help" : flag)
              .orElseThrow(() -> new Fault.InvalidArgument("unknown flag: " + flag));
      given.put(
          option,
          value(option, flag, equals < 0 ? "" : argument.substring(equals + 1), equals >= 0, rest));
    }
    return new CommandLine(given);
  }

  private static String value(
      Option option, String flag, String attached, boolean isAttached, Iterator<String> rest) {
    if (option.isSwitch()) {
      String value = isAttached ? attached : "true";
      if (!value.equals("true") && !value.equals("false")) {
        throw new Fault.InvalidArgument(
            "invalid argument \"" + value + "\" for \"" + flag + "\" flag: not a boolean");
      }
      return value;
    }
    if (isAttached) {
      return attached;
    }
    if (!rest.hasNext()) {
      throw new Fault.InvalidArgument("flag needs an argument: " + flag);
    }
    return rest.next();
  }

  /** Whether a switch is on. */
  boolean isOn(Option option) {
    return "true".equals(given.get(option));
  }

  Optional<String> text(Option option) {
    return Optional.ofNullable(given.get(option));
  }

  Optional<Path> path(Option option) {
    return text(option).map(Path::of);
  }

  /** A size such as {@code 10g}, in bytes. */
  OptionalLong size(Option option) {
    Optional<String> text = text(option);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    Matcher matcher = SIZE.matcher(text.get().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw invalid(option, "want a number with k, m, g or t, such as 20g");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    try {
      return OptionalLong.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    } catch (ArithmeticException e) {
      throw invalid(option, "it is too large");
    }
  }

  /** {@code host:port}, {@code :port} for all addresses of this machine. */
  InetSocketAddress address(Option option, String otherwise) {
    String text = text(option).orElse(otherwise);
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
      throw invalid(option, "want ADDRESS:PORT, such as 127.0.0.1:5000");
    }
    String host = matcher.group(1);
    int port = Integer.parseInt(matcher.group(2));
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw invalid(option, "the host " + host + " is not known");
    }
    return address;
  }

  /** The fault for a value that cannot be used. */
  Fault.InvalidArgument invalid(Option option, String why) {
    return new Fault.InvalidArgument(
        "invalid argument \""
            + text(option).orElse("")
            + "\" for \""
            + option.flag()
            + "\" flag: "
            + why);
  }

  /** The text of {@code --help}. */
  static String help() {
    return Stream.of(Option.values())
        .map(Option::line)
        .collect(
            Collectors.joining(
                "\n",
                """
                Usage:  kemas registry serve [OPTIONS]

                Serve images to other machines: a registry of the OCI distribution specification

                Options:
                """,
                """


                Examples:
                  kemas registry serve --root /srv/registry
                  kemas push localhost:5000/team/app:1.0
                """));
  }
}
