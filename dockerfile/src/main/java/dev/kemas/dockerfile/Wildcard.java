package dev.kemas.dockerfile;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A shell pattern of {@code *} and {@code ?}, without brackets. Matching takes at most as many
 * steps as value and pattern have characters, multiplied: no pattern makes a build wait.
 */
final class Wildcard {
  private static final int ONE = -1;
  private static final int ANY = -2;

  private final int[] tokens;

  private Wildcard(int[] tokens) {
    this.tokens = tokens;
  }

  static Wildcard of(String pattern) throws Problem {
    int[] tokens = new int[pattern.length()];
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      tokens[count] =
          switch (c) {
            case '*' -> ANY;
            case '?' -> ONE;
            case '\\' -> {
              i++;
              if (i == pattern.length() || "*?\\}/".indexOf(pattern.charAt(i)) < 0) {
                throw new Problem(
                    "invalid pattern (%s) in substitution: invalid escape '\\%s'"
                        .formatted(pattern, i == pattern.length() ? "" : pattern.charAt(i)));
              }
              yield pattern.charAt(i);
            }
            default -> c;
          };
      count++;
    }
    return new Wildcard(Arrays.copyOf(tokens, count));
  }

  /** Where a match that begins at {@code from} can end, going forward. */
  BitSet ends(CharSequence value, int from) {
    BitSet ends = new BitSet(value.length() + 1);
    BitSet states = new BitSet(tokens.length + 1);
    reach(states, 0);
    for (int at = from; ; at++) {
      if (states.get(tokens.length)) {
        ends.set(at);
      }
      if (at == value.length() || states.isEmpty()) {
        return ends;
      }
      BitSet next = new BitSet(tokens.length + 1);
      for (int s = states.nextSetBit(0);
          s >= 0 && s < tokens.length;
          s = states.nextSetBit(s + 1)) {
        if (tokens[s] == ANY) {
          reach(next, s);
        } else if (tokens[s] == ONE || tokens[s] == value.charAt(at)) {
          reach(next, s + 1);
        }
      }
      states = next;
    }
  }

  /** A star may stand for nothing. */
  private void reach(BitSet states, int state) {
    int at = state;
    while (at < tokens.length && tokens[at] == ANY) {
      states.set(at);
      at++;
    }
    states.set(at);
  }

  /** The same, to be matched from the end of a reversed value. */
  Wildcard reversed() {
    int[] back = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      back[i] = tokens[tokens.length - 1 - i];
    }
    return new Wildcard(back);
  }
}
