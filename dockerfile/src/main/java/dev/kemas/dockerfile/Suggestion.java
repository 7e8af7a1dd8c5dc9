package dev.kemas.dockerfile;

import java.util.Collection;
import java.util.Optional;

/** "Did you mean": the nearest of the known words by edit distance. */
final class Suggestion {
  /** Docker's bound: words further away are no slips of the finger. */
  private static final int TOO_FAR = 3;

  private Suggestion() {}

  /** Text to append to an error, empty when nothing known is near. */
  static String of(String word, Collection<String> known) {
    return nearest(word, known).map(" (did you mean %s?)"::formatted).orElse("");
  }

  /** The first of the nearest; none when the word is known, as it is not mistyped then. */
  static Optional<String> nearest(String word, Collection<String> known) {
    int best = TOO_FAR;
    Optional<String> found = Optional.empty();
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance == 0) {
        return Optional.empty();
      }
      if (distance < best) {
        best = distance;
        found = Optional.of(candidate);
      }
    }
    return found;
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
      }
    }
    return d[a.length()][b.length()];
  }
}
