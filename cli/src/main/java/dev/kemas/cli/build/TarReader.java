package dev.kemas.cli.build;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive in the ustar or pax format, one member after the other (POSIX.1-2017, pax). One
 * thread; the stream is the caller's to close.
 */
final class TarReader {
  private static final int BLOCK = 512;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private long left;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * A member.
   *
   * @param type the type flag
   * @param mtime seconds since 1970, perhaps with a fraction
   */
  record Member(
      String name,
      char type,
      long mode,
      long uid,
      long gid,
      String mtime,
      long size,
      String link) {}

  /** The next member; its content, if any, is {@link #content}. Empty at the end. */
  Optional<Member> next() throws IOException {
    Map<String, String> pax = new HashMap<>();
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      if (in.readNBytes(block, 0, BLOCK) < BLOCK || block[0] == 0) {
        return Optional.empty();
      }
      long size = number(124, 12);
      begin(size);
      char type = (char) block[156];
      if (type == 'x' || type == 'g') {
        pax(new String(in.readNBytes((int) size), StandardCharsets.UTF_8), pax);
        left = 0;
        continue;
      }
      if (type == 'L') {
        pax.put("path", text(in.readNBytes((int) size), 0, (int) size));
        left = 0;
        continue;
      }
      return Optional.of(member(type, size, pax));
    }
  }

  private void begin(long size) {
    left = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
  }

  private Member member(char type, long size, Map<String, String> pax) {
    String prefix = text(block, 345, 155);
    String name = text(block, 0, 100);
    long real = pax.containsKey("size") ? Long.parseLong(pax.get("size")) : size;
    begin(real);
    return new Member(
        pax.getOrDefault("path", prefix.isEmpty() ? name : prefix + "/" + name),
        type == 0 ? '0' : type,
        number(100, 8),
        pax.containsKey("uid") ? Long.parseLong(pax.get("uid")) : number(108, 8),
        pax.containsKey("gid") ? Long.parseLong(pax.get("gid")) : number(116, 8),
        pax.getOrDefault("mtime", Long.toString(number(136, 12))),
        real,
        pax.getOrDefault("linkpath", text(block, 157, 100)));
  }

  /** Length, blank, key, equals sign, value, line feed. */
  private static void pax(String records, Map<String, String> into) {
    int at = 0;
    byte[] bytes = records.getBytes(StandardCharsets.UTF_8);
    while (at < bytes.length) {
      int blank = at;
      while (blank < bytes.length && bytes[blank] != ' ') {
        blank++;
      }
      int length = Integer.parseInt(new String(bytes, at, blank - at, StandardCharsets.UTF_8));
      String record = new String(bytes, blank + 1, at + length - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      into.put(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
  }

  private static String text(byte[] bytes, int at, int room) {
    int end = at;
    while (end < at + room && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  private long number(int at, int room) {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x7f;
      for (int i = at + 1; i < at + room; i++) {
        value = (value << 8) | (block[i] & 0xff);
      }
      return value;
    }
    String digits = text(block, at, room).strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  /** What is left of the member's content; ends with it. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
          throw new EOFException("the archive is cut off");
        }
        left -= count;
        return count;
      }
    };
  }
}
