package dev.kemas.text;

import dev.kemas.flag.UsageError;

/** Spans of time in Go's form: {@code 1h30m}, {@code 500ms}, {@code 1.5s}. */
public final class GoDurations {
  private static final String[] UNITS = {"ns", "us", "µs", "ms", "s", "m", "h"};
  private static final double[] NANOS = {1, 1e3, 1e3, 1e6, 1e9, 6e10, 3.6e12};

  private GoDurations() {}

  /** Nanoseconds; -1 where the text is no span. */
  public static long nanos(String text) {
    double sum = 0;
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      if (at == start || at == text.length()) {
        return text.equals("0") ? 0 : -1;
      }
      double count = Double.parseDouble(text.substring(start, at));
      int unit = unitAt(text, at);
      if (unit < 0) {
        return -1;
      }
      at += UNITS[unit].length();
      sum += count * NANOS[unit];
    }
    return text.isEmpty() ? -1 : (long) sum;
  }

  private static int unitAt(String text, int at) {
    for (int i = 0; i < UNITS.length; i++) {
      boolean shadowed = UNITS[i].equals("m") && text.startsWith("ms", at);
      if (text.startsWith(UNITS[i], at) && !shadowed) {
        return i;
      }
    }
    return -1;
  }

  /** Nanoseconds; an error that names the option where the text is no span. */
  public static long require(String option, String text) {
    long nanos = nanos(text);
    if (nanos < 0) {
      throw new UsageError(
          "invalid argument \""
              + text
              + "\" for \"--"
              + option
              + "\" flag: time: invalid duration \""
              + text
              + "\"");
    }
    return nanos;
  }
}
