package dev.kemas.archive;

import dev.kemas.linux.FileNames;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Turns an entry into a ustar header and, where that cannot hold it, the records of a PAX header
 * (POSIX.1-2024 pax(1)).
 */
final class HeaderEncoder {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final long MOST_7 = 0_7777777L;
  private static final long MOST_11 = 0_77777777777L;

  private final byte[] header = new byte[BLOCK];
  private final TreeMap<String, byte[]> records = new TreeMap<>();

  HeaderEncoder(TarEntry entry) {
    boolean directory = entry.type() == TarEntry.Type.DIRECTORY;
    String name = directory && !entry.name().endsWith("/") ? entry.name() + "/" : entry.name();
    name(FileNames.encode(name));
    octal(100, 8, entry.mode() & 07777);
    number("uid", 108, 8, Integer.toUnsignedLong(entry.uid()), MOST_7);
    number("gid", 116, 8, Integer.toUnsignedLong(entry.gid()), MOST_7);
    number("size", 124, 12, entry.size(), MOST_11);
    time(entry.modified());
    header[156] = type(entry.type());
    link(FileNames.encode(entry.link()));
    signature(header);
    if (entry.type() == TarEntry.Type.CHARACTER_DEVICE
        || entry.type() == TarEntry.Type.BLOCK_DEVICE) {
      octal(329, 8, entry.major());
      octal(337, 8, entry.minor());
    }
    entry.xattrs().forEach((key, value) -> records.put("SCHILY.xattr." + key, value));
    checksum(header);
  }

  byte[] header() {
    return header;
  }

  /** The records that the header has no room for; empty when there are none. */
  byte[] extended() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    records.forEach((key, value) -> {
      byte[] name = FileNames.encode(key);
      // the length counts its own digits
      int rest = name.length + value.length + 3;
      int length = rest + 1;
      while (length < rest + Integer.toString(length).length()) {
        length++;
      }
      all.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
      all.writeBytes(name);
      all.write('=');
      all.writeBytes(value);
      all.write('\n');
    });
    return all.toByteArray();
  }

  /** The header of the PAX header before an entry. */
  static byte[] forExtended(TarEntry entry, int length) {
    byte[] header = new byte[BLOCK];
    String plain =
        entry.name().endsWith("/")
            ? entry.name().substring(0, entry.name().length() - 1)
            : entry.name();
    byte[] name = FileNames.encode("PaxHeaders/" + plain.substring(plain.lastIndexOf('/') + 1));
    System.arraycopy(name, 0, header, 0, Math.min(name.length, 100));
    octal(header, 100, 8, 0644);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, length);
    octal(header, 136, 12, 0);
    header[156] = 'x';
    signature(header);
    checksum(header);
    return header;
  }

  private void name(byte[] name) {
    if (name.length <= 100) {
      System.arraycopy(name, 0, header, 0, name.length);
      return;
    }
    for (int slash = Math.min(155, name.length - 2); slash > 0; slash--) {
      if (name[slash] == '/' && name.length - slash - 1 <= 100) {
        System.arraycopy(name, 0, header, 345, slash);
        System.arraycopy(name, slash + 1, header, 0, name.length - slash - 1);
        return;
      }
    }
    System.arraycopy(name, 0, header, 0, 100);
    text("path", name);
  }

  private void link(byte[] link) {
    System.arraycopy(link, 0, header, 157, Math.min(link.length, 100));
    if (link.length > 100) {
      text("linkpath", link);
    }
  }

  private void text(String key, byte[] value) {
    records.put(key, value);
    String decoded = new String(value, StandardCharsets.UTF_8);
    if (!Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), value)) {
      records.put("hdrcharset", "BINARY".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void number(String key, int from, int width, long value, long most) {
    octal(from, width, value > most ? 0 : value);
    if (value > most) {
      records.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void time(Instant modified) {
    long seconds = modified.getEpochSecond();
    int nanos = modified.getNano();
    boolean fits = seconds >= 0 && seconds <= MOST_11;
    octal(136, 12, fits ? seconds : 0);
    if (!fits || nanos != 0) {
      records.put("mtime", decimal(seconds, nanos).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Before 1970 the seconds of an Instant count down and its nanoseconds up. */
  private static String decimal(long seconds, int nanos) {
    boolean negative = seconds < 0;
    long whole = negative ? -(seconds + (nanos > 0 ? 1 : 0)) : seconds;
    int part = negative && nanos > 0 ? 1_000_000_000 - nanos : nanos;
    String text = (negative ? "-" : "") + whole;
    if (part == 0) {
      return text;
    }
    String decimals = Integer.toString(1_000_000_000 + part).substring(1);
    int end = decimals.length();
    while (decimals.charAt(end - 1) == '0') {
      end--;
    }
    return text + "." + decimals.substring(0, end);
  }

  private static byte type(TarEntry.Type type) {
    return (byte)
        switch (type) {
          case FILE -> '0';
          case HARD_LINK -> '1';
          case SYMBOLIC_LINK -> '2';
          case CHARACTER_DEVICE -> '3';
          case BLOCK_DEVICE -> '4';
          case DIRECTORY -> '5';
          case FIFO -> '6';
        };
  }

  private static void signature(byte[] header) {
    byte[] ustar = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ustar, 0, header, 257, ustar.length);
  }

  private void octal(int from, int width, long value) {
    octal(header, from, width, value);
  }

  private static void octal(byte[] header, int from, int width, long value) {
    long left = value;
    for (int i = from + width - 2; i >= from; i--) {
      header[i] = (byte) ('0' + (left & 7));
      left >>>= 3;
    }
  }

  private static void checksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    octal(header, 148, 7, sum);
    header[154] = 0;
  }
}
