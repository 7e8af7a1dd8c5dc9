package dev.kemas.signature;

import java.util.regex.Pattern;

/** What a text must be. */
public sealed interface Wanted {
  /** Whether it is that. */
  boolean accepts(String text);

  /** This and nothing else. */
  record Exactly(String value) implements Wanted {
    @Override
    public boolean accepts(String text) {
      return text.equals(value);
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /** What matches this from its first to its last character. */
  record Matching(Pattern pattern) implements Wanted {
    @Override
    public boolean accepts(String text) {
      return pattern.matcher(text).matches();
    }

    @Override
    public String toString() {
      return "/" + pattern + "/";
    }
  }
}
