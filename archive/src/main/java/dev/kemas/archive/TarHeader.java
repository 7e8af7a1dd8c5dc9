package dev.kemas.archive;

import dev.kemas.linux.FileNames;

/**
 * The fields of one 512-byte header block (POSIX.1-2024 pax(1), "ustar Interchange Format"; GNU tar
 * manual, "Basic Tar Format"). A view on a buffer: valid until that changes.
 */
final class TarHeader {
  static final int BLOCK = 512;

  private byte[] bytes = new byte[0];
  private int at;

  void on(byte[] buffer, int offset) {
    bytes = buffer;
    at = offset;
  }

  /** The end of an archive is marked with blocks of zeroes. */
  boolean isZero() {
    for (int i = 0; i < BLOCK; i++) {
      if (bytes[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Old writers added up signed bytes; both sums are accepted. */
  boolean checksumHolds() {
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : bytes[at + i];
      unsigned += b & 0xFF;
      signed += b;
    }
    long stored = octal(148, 8);
    return stored == unsigned || stored == signed;
  }

  char type() {
    return (char) (bytes[at + 156] & 0xFF);
  }

  /** The name, its prefix in front where the form has one. */
  String name() {
    String name = text(0, 100);
    if (!isUstar() || bytes[at + 345] == 0) {
      return name;
    }
    // star's form of the header keeps times after a shorter prefix and signs with "tar" at the end
    boolean star =
        bytes[at + 508] == 't'
            && bytes[at + 509] == 'a'
            && bytes[at + 510] == 'r'
            && bytes[at + 511] == 0;
    return text(345, star ? 131 : 155) + "/" + name;
  }

  private boolean isUstar() {
    return bytes[at + 257] == 'u'
        && bytes[at + 258] == 's'
        && bytes[at + 259] == 't'
        && bytes[at + 260] == 'a'
        && bytes[at + 261] == 'r'
        && bytes[at + 262] == 0;
  }

  String link() {
    return text(157, 100);
  }

  int mode() {
    return (int) number("mode", 100, 8) & 07777;
  }

  long uid() {
    return number("uid", 108, 8);
  }

  long gid() {
    return number("gid", 116, 8);
  }

  long size() {
    long size = number("size", 124, 12);
    if (size < 0) {
      throw PaxRecords.damaged("the size of " + name() + " is negative");
    }
    return size;
  }

  long modified() {
    return number("mtime", 136, 12);
  }

  int major() {
    return (int) number("device", 329, 8);
  }

  int minor() {
    return (int) number("device", 337, 8);
  }

  private String text(int from, int most) {
    int length = 0;
    while (length < most && bytes[at + from + length] != 0) {
      length++;
    }
    return FileNames.decode(bytes, at + from, length);
  }

  /** Octal text, or base 256 when the first bit is set (a GNU form). */
  long number(String field, int from, int width) {
    int first = bytes[at + from] & 0xFF;
    if ((first & 0x80) == 0) {
      long value = octal(from, width);
      if (value < 0) {
        throw PaxRecords.damaged("the " + field + " of " + name() + " is no number");
      }
      return value;
    }
    boolean negative = (first & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < width; i++) {
      int b = i == 0 ? (negative ? first : first & 0x7F) : bytes[at + from + i] & 0xFF;
      if (value != (value << 8) >> 8) {
        throw PaxRecords.damaged("the " + field + " of " + name() + " is out of range");
      }
      value = value << 8 | b;
    }
    return value;
  }

  /** -1 when it is no number; nothing at all is 0. */
  private long octal(int from, int width) {
    int i = 0;
    while (i < width && (bytes[at + from + i] == ' ' || bytes[at + from + i] == 0)) {
      i++;
    }
    long value = 0;
    for (; i < width; i++) {
      byte b = bytes[at + from + i];
      if (b == ' ' || b == 0) {
        return value;
      }
      if (b < '0' || b > '7') {
        return -1;
      }
      value = value << 3 | (b - '0');
    }
    return value;
  }

  /** Reads a GNU sparse map; true when it goes on in the next block. */
  boolean sparse(SparseHeader into, int from, int pairs) {
    for (int i = 0; i < pairs; i++) {
      int pair = from + 24 * i;
      if (bytes[at + pair] == 0) {
        break;
      }
      into.add(number("sparse map", pair, 12));
      into.add(number("sparse map", pair + 12, 12));
    }
    return bytes[at + from + 24 * pairs] != 0;
  }

  /** The size with holes, in a header of type S. */
  long sparseSize() {
    return number("size", 483, 12);
  }
}
