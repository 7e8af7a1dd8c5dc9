package dev.kemas.flag;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of one command: declared, then filled from the command line, then read by name.
 *
 * <p>Forms: {@code --name value}, {@code --name=value}, {@code -n value}, {@code -nvalue}, {@code
 * -n=value}, switches together ({@code -it}), {@code --switch=false}, {@code --} before what is no
 * option. The messages are the ones of the docker command. Reading a name that was never declared
 * is a programming error.
 */
public final class Flags {
  /** A letter that is none. */
  private static final char NONE = 0;

  private final List<Option> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private boolean interspersed = true;
  private boolean helpAsked;

  public Flags() {}

  /** Declares a switch that is off unless given. */
  public Flags toggle(String name, char letter, String help) {
    return add(new Option(name, letter, "", help, "false"));
  }

  /** Declares a switch that is off unless given. */
  public Flags toggle(String name, String help) {
    return toggle(name, NONE, help);
  }

  /** Declares a switch that is on unless {@code --name=false}. */
  public Flags toggleOn(String name, String help) {
    return add(new Option(name, NONE, "", help, "true"));
  }

  /** Declares an option with one value; a later one replaces an earlier one. */
  public Flags value(String name, char letter, String type, String help, String preset) {
    return add(new Option(name, letter, type, help, preset));
  }

  /** Declares an option with one value and nothing preset. */
  public Flags value(String name, char letter, String type, String help) {
    return value(name, letter, type, help, "");
  }

  /** Declares an option with one value, without a letter. */
  public Flags value(String name, String type, String help) {
    return value(name, NONE, type, help, "");
  }

  /** Declares an option that may be given several times. */
  public Flags list(String name, char letter, String help) {
    return add(new Option(name, letter, "list", help, ""));
  }

  /** Declares an option that may be given several times. */
  public Flags list(String name, String help) {
    return list(name, NONE, help);
  }

  /** Declares a second spelling that the help does not show. */
  public Flags hiddenList(String name) {
    Option option = new Option(name, NONE, "list", "", "");
    option.hidden = true;
    return add(option);
  }

  /** Everything after the first argument belongs to it: {@code run IMAGE -x}. */
  public Flags stopAtFirstArgument() {
    interspersed = false;
    return this;
  }

  private Flags add(Option option) {
    options.add(option);
    return this;
  }

  /** Fills the options. Throws {@link UsageError}. */
  public void parse(List<String> words) {
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at);
      if (word.equals("--")) {
        arguments.addAll(words.subList(at + 1, words.size()));
        return;
      }
      if (word.length() < 2 || word.charAt(0) != '-') {
        if (!interspersed) {
          arguments.addAll(words.subList(at, words.size()));
          return;
        }
        arguments.add(word);
        at++;
      } else if (word.charAt(1) == '-') {
        at = parseLong(words, at);
      } else {
        at = parseShort(words, at);
      }
    }
  }

  private int parseLong(List<String> words, int at) {
    String word = words.get(at);
    int equal = word.indexOf('=');
    String name = equal < 0 ? word.substring(2) : word.substring(2, equal);
    if (name.equals("help")) {
      helpAsked = true;
      return at + 1;
    }
    for (Option option : options) {
      if (!option.name.equals(name)) {
        continue;
      }
      if (equal >= 0) {
        assign(option, word.substring(equal + 1));
        return at + 1;
      }
      if (option.isSwitch()) {
        assign(option, "true");
        return at + 1;
      }
      if (at + 1 == words.size()) {
        throw new UsageError("flag needs an argument: --" + name);
      }
      assign(option, words.get(at + 1));
      return at + 2;
    }
    throw new UsageError(name.isEmpty() ? "bad flag syntax: " + word : "unknown flag: --" + name);
  }

  private int parseShort(List<String> words, int at) {
    String word = words.get(at);
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      Option option = byLetter(letter, word);
      String rest = word.substring(i + 1);
      if (option.isSwitch() && !rest.startsWith("=")) {
        assign(option, "true");
        continue;
      }
      if (rest.startsWith("=")) {
        assign(option, rest.substring(1));
        return at + 1;
      }
      if (!rest.isEmpty()) {
        assign(option, rest);
        return at + 1;
      }
      if (at + 1 == words.size()) {
        throw new UsageError("flag needs an argument: '" + letter + "' in " + word);
      }
      assign(option, words.get(at + 1));
      return at + 2;
    }
    return at + 1;
  }

  private Option byLetter(char letter, String word) {
    for (Option option : options) {
      if (option.letter == letter) {
        return option;
      }
    }
    throw new UsageError("unknown shorthand flag: '" + letter + "' in " + word);
  }

  private static void assign(Option option, String value) {
    if (option.isSwitch()) {
      option.values.clear();
      option.values.add(Boolean.toString(truth(option, value)));
    } else {
      if (option.type.equals("int")) {
        whole(option, value);
      }
      if (!option.type.equals("list")) {
        option.values.clear();
      }
      option.values.add(value);
    }
    option.set = true;
  }

  private static boolean truth(Option option, String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw invalid(
              option, value, "strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
    };
  }

  private static long whole(Option option, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw invalid(option, value, "strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
    }
  }

  private static UsageError invalid(Option option, String value, String why) {
    return new UsageError(
        "invalid argument \"" + value + "\" for \"" + option.display() + "\" flag: " + why);
  }

  /** The error for a value that the command itself found wrong. */
  public UsageError invalid(String name, String value, String why) {
    return invalid(named(name), value, why);
  }

  private Option named(String name) {
    for (Option option : options) {
      if (option.name.equals(name)) {
        return option;
      }
    }
    throw new IllegalArgumentException("no option --" + name + " is declared");
  }

  /** Whether the command line has it. */
  public boolean isSet(String name) {
    return named(name).set;
  }

  /** Whether a switch is on. */
  public boolean isOn(String name) {
    return named(name).value().equals("true");
  }

  /** The value, or what is preset. */
  public String text(String name) {
    return named(name).value();
  }

  /** The value as a whole number, 0 if there is none. */
  public long number(String name) {
    Option option = named(name);
    return option.value().isEmpty() ? 0 : whole(option, option.value());
  }

  /** All values in order. */
  public List<String> all(String name) {
    return named(name).values;
  }

  /** What is no option. */
  public List<String> arguments() {
    return arguments;
  }

  /** Whether {@code --help} was among the words. */
  public boolean helpAsked() {
    return helpAsked;
  }

  List<Option> options() {
    return options;
  }

  /** The long names that the help shows, each with its dashes. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Option option : options) {
      if (!option.hidden) {
        names.add("--" + option.name);
      }
    }
    return names;
  }
}
