package dev.kemas.flag;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The options part of a help text: two columns, the second folded to the width of a terminal. */
public final class FlagHelp {
  private static final int WIDTH = 80;

  private FlagHelp() {}

  /** The lines; empty where there are no options. */
  public static List<String> lines(Flags flags) {
    List<Option> options = new ArrayList<>(flags.options());
    options.removeIf(option -> option.hidden);
    options.sort(Comparator.comparing(option -> option.name));
    int widest = 0;
    for (Option option : options) {
      widest = Math.max(widest, head(option).length());
    }
    List<String> lines = new ArrayList<>();
    for (Option option : options) {
      String head = head(option);
      String first = head + " ".repeat(widest - head.length() + 3);
      String margin = " ".repeat(widest + 3);
      for (String part : fold(option.help + preset(option), Math.max(24, WIDTH - widest - 3))) {
        lines.add(first + part);
        first = margin;
      }
    }
    return lines;
  }

  private static String head(Option option) {
    String letter = option.letter == 0 ? "      " : "  -" + option.letter + ", ";
    String type = option.isSwitch() ? "" : " " + option.type;
    return letter + "--" + option.name + type;
  }

  private static String preset(Option option) {
    if (option.isSwitch()) {
      return option.preset.equals("true") ? " (default true)" : "";
    }
    if (option.preset.isEmpty()) {
      return "";
    }
    boolean bare = option.type.equals("int") || option.type.equals("duration");
    return bare ? " (default " + option.preset + ")" : " (default \"" + option.preset + "\")";
  }

  private static List<String> fold(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int start = 0;
    while (start < text.length()) {
      int space = text.indexOf(' ', start);
      int end = space < 0 ? text.length() : space;
      if (line.length() > 0 && line.length() + 1 + end - start > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (line.length() > 0) {
        line.append(' ');
      }
      line.append(text, start, end);
      start = end + 1;
    }
    lines.add(line.toString());
    return lines;
  }
}
