package dev.kemas.guard;

import dev.kemas.dockerfile.CommandLine;
import dev.kemas.dockerfile.Instruction.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of a RUN, as far as rules need them: split at separators, quotes removed. It is no
 * shell: what a substitution or a loop would do is not followed, only its words are seen.
 */
final class ShellCommands {
  private final List<List<String>> commands = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private List<String> current = new ArrayList<>();
  private boolean inWord;

  private ShellCommands() {}

  static List<List<String>> of(Run run) {
    return switch (run.command()) {
      case CommandLine.Exec(List<String> words) -> exec(words);
      case CommandLine.Shell(String text) -> of(text);
      case CommandLine.Script(String text) -> of(text);
    };
  }

  private static List<List<String>> exec(List<String> words) {
    boolean shell =
        words.size() == 3
            && words.get(0).matches("(.*/)?(ba|da|z)?sh")
            && words.get(1).endsWith("c");
    return shell ? of(words.get(2)) : List.of(words);
  }

  static List<List<String>> of(String text) {
    ShellCommands reader = new ShellCommands();
    reader.read(text);
    return reader.commands;
  }

  private void read(String text) {
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else if (c == '\\' && quote == '"' && i + 1 < text.length()) {
          i++;
          word.append(text.charAt(i));
        } else {
          word.append(c);
        }
      } else if (c == '\\' && i + 1 < text.length()) {
        i++;
        if (text.charAt(i) != '\n') {
          inWord = true;
          word.append(text.charAt(i));
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == '#' && !inWord) {
        while (i + 1 < text.length() && text.charAt(i + 1) != '\n') {
          i++;
        }
      } else if (c == '>' && inWord) {
        // a version such as numpy>=1.2 is written in quotes; bare, it is a redirection
        endWord();
        word.append(c);
        inWord = true;
      } else if (";|&\n()".indexOf(c) >= 0) {
        endCommand();
      } else if (c == ' ' || c == '\t' || c == '\r') {
        endWord();
      } else {
        inWord = true;
        word.append(c);
      }
    }
    endCommand();
  }

  private void endWord() {
    if (inWord) {
      current.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private void endCommand() {
    endWord();
    if (!current.isEmpty()) {
      commands.add(current);
      current = new ArrayList<>();
    }
  }
}
