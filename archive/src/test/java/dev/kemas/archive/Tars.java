package dev.kemas.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/** Archives written by hand, entry by entry, with names that no tool would write. */
final class Tars {
  static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TarWriter writer = new TarWriter(out);

  static Tars tar() {
    return new Tars();
  }

  Tars file(String name, String content) {
    return file(name, content, 0644, 0, 0, Map.of());
  }

  Tars file(String name, String content, int mode, int uid, int gid, Map<String, byte[]> xattrs) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return put(
        new TarEntry(
            name, TarEntry.Type.FILE, mode, uid, gid, bytes.length, TIME, "", 0, 0, xattrs),
        bytes);
  }

  Tars directory(String name) {
    return directory(name, 0755);
  }

  Tars directory(String name, int mode) {
    return put(TarEntry.directory(name, mode, TIME), new byte[0]);
  }

  Tars symlink(String name, String target) {
    return put(TarEntry.symbolicLink(name, target, TIME), new byte[0]);
  }

  Tars hardLink(String name, String target) {
    return special(name, TarEntry.Type.HARD_LINK, target, 0, 0);
  }

  Tars device(String name, TarEntry.Type type, int major, int minor) {
    return special(name, type, "", major, minor);
  }

  Tars special(String name, TarEntry.Type type, String link, int major, int minor) {
    return put(
        new TarEntry(name, type, 0640, 0, 0, 0, TIME, link, major, minor, Map.of()), new byte[0]);
  }

  Tars whiteout(String name) {
    return put(TarEntry.file(name, 0, 0, Instant.EPOCH), new byte[0]);
  }

  Tars put(TarEntry entry, byte[] content) {
    try {
      writer.put(entry, new java.io.ByteArrayInputStream(content));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      writer.finish();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A header block by hand: what lies at the offsets, the checksum put right. */
  static byte[] block(Object... offsetsAndTexts) {
    byte[] block = new byte[512];
    for (int i = 0; i < offsetsAndTexts.length; i += 2) {
      byte[] text =
          offsetsAndTexts[i + 1] instanceof byte[] raw
              ? raw
              : offsetsAndTexts[i + 1].toString().getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(text, 0, block, (Integer) offsetsAndTexts[i], text.length);
    }
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xFF;
    }
    byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(octal, 0, block, 148, 8);
    return block;
  }

  /** The pieces one after the other, each filled up to a block, and the end of the archive. */
  static byte[] join(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
      all.writeBytes(new byte[-piece.length & 511]);
    }
    all.writeBytes(new byte[1024]);
    return all.toByteArray();
  }
}
