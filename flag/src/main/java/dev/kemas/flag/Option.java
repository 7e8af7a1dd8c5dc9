package dev.kemas.flag;

import java.util.ArrayList;
import java.util.List;

/** One option of a command and what the command line gave it. */
final class Option {
  final String name;
  final char letter;
  final String type;
  final String help;
  final String preset;
  final List<String> values = new ArrayList<>();
  boolean hidden;
  boolean set;

  Option(String name, char letter, String type, String help, String preset) {
    this.name = name;
    this.letter = letter;
    this.type = type;
    this.help = help;
    this.preset = preset;
  }

  boolean isSwitch() {
    return type.isEmpty();
  }

  /** As error messages name it: {@code -m, --memory}. */
  String display() {
    return letter == 0 ? "--" + name : "-" + letter + ", --" + name;
  }

  String value() {
    return values.isEmpty() ? preset : values.getLast();
  }
}
