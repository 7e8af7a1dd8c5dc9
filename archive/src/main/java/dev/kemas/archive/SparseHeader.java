package dev.kemas.archive;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of a sparse file lies, in any of GNU tar's four forms (GNU tar manual, "Storing
 * Sparse Files"): pairs of offset and length, in order and apart.
 */
final class SparseHeader {
  /** More pieces than a file would ever have; the map is held in memory. */
  private static final int MOST = 1 << 20;

  @Nullable String name;
  long realSize = -1;

  /** Form 1.0: the map is at the begin of the content. */
  boolean mapInContent;

  private boolean used;
  private long[] map = new long[16];
  private int length;

  /** Whether the entry is sparse. */
  boolean used() {
    return used;
  }

  /** Offset and length one after the other. */
  long[] map() {
    return Arrays.copyOf(map, length);
  }

  void record(String key, String value) {
    used = true;
    switch (key) {
      case "name" -> name = value;
      case "size", "realsize" -> realSize = PaxRecords.number(key, value);
      case "major" -> mapInContent = PaxRecords.number(key, value) == 1;
      case "offset", "numbytes" -> add(PaxRecords.number(key, value));
      case "map" -> {
        if (!value.isEmpty()) {
          for (String number : value.split(",", -1)) {
            add(PaxRecords.number(key, number));
          }
        }
      }
      default -> {}
    }
  }

  void add(long number) {
    used = true;
    if (length >= MOST) {
      throw PaxRecords.damaged("a sparse file has more than " + MOST / 2 + " pieces");
    }
    if (length == map.length) {
      map = Arrays.copyOf(map, length * 2);
    }
    map[length++] = number;
  }

  /** Holds the map against itself, the file's size and the bytes that are there. */
  void check(long stored) {
    long end = 0;
    long sum = 0;
    if (length % 2 != 0 || realSize < 0) {
      throw PaxRecords.damaged("a sparse file's map is incomplete");
    }
    for (int i = 0; i < length; i += 2) {
      if (map[i] < end || map[i + 1] < 0 || map[i + 1] > realSize - map[i]) {
        throw PaxRecords.damaged("a sparse file's map is out of order");
      }
      end = map[i] + map[i + 1];
      sum += map[i + 1];
    }
    if (sum != stored) {
      throw PaxRecords.damaged(
          "a sparse file's map has " + sum + " bytes and its content " + stored);
    }
  }
}
