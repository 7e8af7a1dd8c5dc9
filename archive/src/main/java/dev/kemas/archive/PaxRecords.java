package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a PAX extended header ({@code pax(1)}, "pax Extended Header": {@code "length
 * key=value\n"}). Values are bytes: extended attributes are not text.
 */
final class PaxRecords {
  private static final String XATTR = "SCHILY.xattr.";
  private static final String SPARSE = "GNU.sparse.";

  @Nullable String path;
  @Nullable String link;
  @Nullable Instant modified;
  long size = -1;
  long uid = -1;
  long gid = -1;
  final Map<String, byte[]> xattrs = new HashMap<>();
  final SparseHeader sparse = new SparseHeader();

  /** What the global header said applies where the entry's own header is silent. */
  PaxRecords(@Nullable PaxRecords global) {
    if (global != null) {
      path = global.path;
      link = global.link;
      modified = global.modified;
      size = global.size;
      uid = global.uid;
      gid = global.gid;
      xattrs.putAll(global.xattrs);
    }
  }

  void read(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      int space = at;
      int total = 0;
      while (space < length && bytes[space] >= '0' && bytes[space] <= '9' && total < (1 << 24)) {
        total = total * 10 + bytes[space++] - '0';
      }
      int end = at + total;
      if (space == at
          || total > length - at
          || end <= space
          || bytes[space] != ' '
          || bytes[end - 1] != '\n') {
        throw damaged("a record's length is wrong");
      }
      int equals = space + 1;
      while (equals < end && bytes[equals] != '=') {
        equals++;
      }
      if (equals >= end) {
        throw damaged("a record has no '='");
      }
      String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
      record(key, bytes, equals + 1, end - 1);
      at = end;
    }
  }

  private void record(String key, byte[] bytes, int from, int to) {
    switch (key) {
      case "path" -> path = text(bytes, from, to);
      case "linkpath" -> link = text(bytes, from, to);
      case "size" -> size = from == to ? -1 : number(key, text(bytes, from, to));
      case "uid" -> uid = from == to ? -1 : number(key, text(bytes, from, to));
      case "gid" -> gid = from == to ? -1 : number(key, text(bytes, from, to));
      case "mtime" -> modified = from == to ? null : time(text(bytes, from, to));
      default -> {
        if (key.startsWith(XATTR)) {
          xattr(key.substring(XATTR.length()), bytes, from, to);
        } else if (key.startsWith(SPARSE)) {
          sparse.record(key.substring(SPARSE.length()), text(bytes, from, to));
        }
      }
    }
  }

  /**
   * Overlayfs's own attributes would redirect lookups into other folders: no archive may set them.
   */
  private void xattr(String name, byte[] bytes, int from, int to) {
    if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
      return;
    }
    byte[] value = new byte[to - from];
    System.arraycopy(bytes, from, value, 0, value.length);
    xattrs.put(name, value);
  }

  private static String text(byte[] bytes, int from, int to) {
    return FileNames.decode(bytes, from, to - from);
  }

  static long number(String key, String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("the archive is damaged: " + key + " is " + text, e);
    }
    throw damaged(key + " is " + text);
  }

  /** Seconds with any number of decimals; those after the ninth are cut off. */
  private static Instant time(String text) {
    int dot = text.indexOf('.');
    String decimals = dot < 0 ? "" : text.substring(dot + 1);
    for (int i = 0; i < decimals.length(); i++) {
      if (decimals.charAt(i) < '0' || decimals.charAt(i) > '9') {
        throw damaged("mtime is " + text);
      }
    }
    try {
      long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
      long nanos = Long.parseLong((decimals + "000000000").substring(0, 9));
      return Instant.ofEpochSecond(seconds, text.startsWith("-") ? -nanos : nanos);
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      throw new Fault.InvalidArgument("the archive is damaged: mtime is " + text, e);
    }
  }

  static Fault damaged(String what) {
    return new Fault.InvalidArgument("the archive is damaged: " + what);
  }
}
