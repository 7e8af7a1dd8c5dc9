package dev.kemas.guard;

import java.util.List;

/** Lists in messages. */
final class Names {
  private static final int SHOWN = 5;

  private Names() {}

  static String some(List<String> names) {
    List<String> distinct = names.stream().distinct().toList();
    int more = distinct.size() - SHOWN;
    return more <= 0
        ? String.join(", ", distinct)
        : String.join(", ", distinct.subList(0, SHOWN)) + " and " + more + " more";
  }
}
