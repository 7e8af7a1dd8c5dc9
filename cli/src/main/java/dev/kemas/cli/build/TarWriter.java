package dev.kemas.cli.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes an archive in the ustar format, with pax headers where a name or a number is too long for
 * it (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block").
 */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final long OCTAL_11 = 0_77777777777L;
  private static final long OCTAL_7 = 0_7777777L;

  private final OutputStream out;
  private final byte[] zeros = new byte[BLOCK];

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** A member; {@code type} is the type flag: '0' file, '1' hard link, '2' symlink, '5' folder. */
  record Entry(
      String name, char type, int mode, long uid, long gid, long mtime, long size, String link) {}

  /** Writes the header; as many bytes as the entry says must follow, then {@link #pad}. */
  void header(Entry entry) throws IOException {
    StringBuilder pax = new StringBuilder();
    if (bytes(entry.name).length > NAME || !isAscii(entry.name)) {
      record(pax, "path", entry.name);
    }
    if (bytes(entry.link).length > NAME || !isAscii(entry.link)) {
      record(pax, "linkpath", entry.link);
    }
    if (entry.size > OCTAL_11) {
      record(pax, "size", Long.toString(entry.size));
    }
    if (entry.uid > OCTAL_7) {
      record(pax, "uid", Long.toString(entry.uid));
    }
    if (entry.gid > OCTAL_7) {
      record(pax, "gid", Long.toString(entry.gid));
    }
    if (!pax.isEmpty()) {
      byte[] records = bytes(pax.toString());
      block(
          new Entry("PaxHeaders/" + shortened(entry.name), 'x', 0644, 0, 0, 0, records.length, ""));
      out.write(records);
      pad(records.length);
    }
    block(entry);
  }

  /** Fills the last block of a member of that size. */
  void pad(long size) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(zeros, 0, BLOCK - rest);
    }
  }

  /** Writes the end of the archive. */
  void finish() throws IOException {
    out.write(zeros);
    out.write(zeros);
    out.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  private static String shortened(String name) {
    return name.length() > 60 ? name.substring(name.length() - 60) : name;
  }

  /** A pax record counts its own length, digits included. */
  private static void record(StringBuilder pax, String key, String value) {
    int rest = bytes(key).length + bytes(value).length + 3;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    pax.append(length).append(' ').append(key).append('=').append(value).append('\n');
  }

  private void block(Entry entry) throws IOException {
    byte[] block = new byte[BLOCK];
    put(block, 0, NAME, bytes(entry.name));
    octal(block, 100, 8, entry.mode);
    octal(block, 108, 8, entry.uid > OCTAL_7 ? 0 : entry.uid);
    octal(block, 116, 8, entry.gid > OCTAL_7 ? 0 : entry.gid);
    octal(block, 124, 12, entry.size > OCTAL_11 ? 0 : entry.size);
    octal(block, 136, 12, Math.max(0, entry.mtime));
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) entry.type;
    put(block, 157, NAME, bytes(entry.link));
    put(block, 257, 8, new byte[] {'u', 's', 't', 'a', 'r', 0, '0', '0'});
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(block, 148, 7, sum);
    out.write(block);
  }

  private static void put(byte[] block, int at, int room, byte[] value) {
    System.arraycopy(value, 0, block, at, Math.min(room, value.length));
  }

  /** Digits with leading zeros and a zero byte at the end. */
  private static void octal(byte[] block, int at, int room, long value) {
    long rest = value;
    for (int i = at + room - 2; i >= at; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>= 3;
    }
    block[at + room - 1] = 0;
  }
}
