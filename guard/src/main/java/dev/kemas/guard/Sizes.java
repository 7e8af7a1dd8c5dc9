package dev.kemas.guard;

import java.util.Locale;

/** Sizes in decimal units, as image sizes are shown. */
final class Sizes {
  static final long MB = 1_000_000L;
  private static final long GB = 1_000_000_000L;

  private Sizes() {}

  static String text(long bytes) {
    if (bytes >= GB) {
      return String.format(Locale.ROOT, "%.1f GB", (double) bytes / GB);
    }
    return bytes >= MB ? (bytes + MB / 2) / MB + " MB" : (bytes + 500) / 1000 + " kB";
  }
}
