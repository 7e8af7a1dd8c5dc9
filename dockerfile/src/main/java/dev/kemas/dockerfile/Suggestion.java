package dev.kemas.dockerfile;

import java.util.Collection;

/** "Did you mean": the nearest of the known words by edit distance. */
final class Suggestion {
  private Suggestion() {}

  /** Text to append to an error, empty when nothing known is near. */
  static String of(String word, Collection<String> known) {
    int best = Math.max(1, Math.min(3, word.length() / 2)) + 1;
    String found = "";
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < best || (distance == best && candidate.compareTo(found) < 0)) {
        best = distance;
        found = candidate;
      }
    }
    return found.isEmpty() ? "" : " (did you mean %s?)".formatted(found);
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
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
