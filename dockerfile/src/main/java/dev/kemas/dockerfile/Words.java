package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Splitting of arguments into words; quotes and escapes stay in the words. */
final class Words {
  private Words() {}

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** Splits at blanks, with no regard to quotes; empty text has no words. */
  static List<String> plain(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean space = i == text.length() || isSpace(text.charAt(i));
      if (space && start >= 0) {
        words.add(text.substring(start, i));
        start = -1;
      } else if (!space && start < 0) {
        start = i;
      }
    }
    return words;
  }

  /** Splits at blanks outside quotes. */
  static List<String> split(String text, char escape) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && isSpace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
        continue;
      }
      boolean escapes = c == escape && quote != '\'';
      if (escapes && i + 1 == text.length()) {
        continue; // an escape with nothing after it is dropped
      }
      inWord = true;
      word.append(c);
      if (escapes) {
        i++;
        word.append(text.charAt(i));
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
