package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The few entries of a zip archive that somebody wants, found through its directory (APPNOTE.TXT,
 * sections 4.3 and 4.4). The archive is hostile: no more memory is taken than for the entries
 * wanted and a bounded piece of the directory, which Java's own reader loads as a whole.
 */
final class ZipEntries {
  private static final int END = 0x06054b50;
  private static final int END64_PLACE = 0x07064b50;
  private static final int END64 = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final long NOT_HERE = 0xFFFFFFFFL;
  private static final int PIECE = 1 << 16;
  private static final int LONGEST_ENTRY = 46 + 3 * 0xFFFF;

  private final Bytes archive;
  private long before;

  ZipEntries(Bytes archive) {
    this.archive = archive;
  }

  /**
   * One entry.
   *
   * @param packed bytes in the archive
   * @param size bytes when unpacked, as the directory says
   */
  record Entry(String name, int method, long packed, long size, long at) {
    boolean stored() {
      return method == 0;
    }
  }

  private record Region(long from, long length) {}

  /**
   * The entries whose names are wanted, in the order of the directory.
   *
   * @param most of them; more are a fault
   * @throws Fault.InvalidArgument when this is no zip archive, or a damaged one
   */
  List<Entry> find(Predicate<String> wanted, int most) {
    List<Entry> found = new ArrayList<>();
    Region directory = directory();
    long at = directory.from();
    long end = at + directory.length();
    while (at < end) {
      ByteBuffer piece =
          little(archive.read(at, (int) Math.min(end - at, Math.max(PIECE, LONGEST_ENTRY))));
      int before = piece.position();
      while (holdsEntry(piece)) {
        Entry entry = entry(piece);
        if (wanted.test(entry.name())) {
          found.add(entry);
        }
        if (found.size() > most) {
          throw new Fault.InvalidArgument("has more than " + most + " entries to be looked at");
        }
      }
      if (piece.position() == before) {
        throw new Fault.InvalidArgument("its directory is cut off");
      }
      at += piece.position();
    }
    return found;
  }

  private static boolean holdsEntry(ByteBuffer piece) {
    if (piece.remaining() < 46) {
      return false;
    }
    int at = piece.position();
    int variable =
        (piece.getShort(at + 28) & 0xFFFF)
            + (piece.getShort(at + 30) & 0xFFFF)
            + (piece.getShort(at + 32) & 0xFFFF);
    return piece.remaining() >= 46 + variable;
  }

  private static Entry entry(ByteBuffer piece) {
    int at = piece.position();
    if (piece.getInt(at) != ENTRY) {
      throw new Fault.InvalidArgument("its directory is damaged");
    }
    int method = piece.getShort(at + 10) & 0xFFFF;
    long packed = piece.getInt(at + 20) & NOT_HERE;
    long size = piece.getInt(at + 24) & NOT_HERE;
    int nameLength = piece.getShort(at + 28) & 0xFFFF;
    int extraLength = piece.getShort(at + 30) & 0xFFFF;
    int commentLength = piece.getShort(at + 32) & 0xFFFF;
    long local = piece.getInt(at + 42) & NOT_HERE;
    byte[] name = new byte[nameLength];
    piece.get(at + 46, name);
    ByteBuffer extra =
        piece.slice(at + 46 + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
    piece.position(at + 46 + nameLength + extraLength + commentLength);
    while (extra.remaining() >= 4) {
      int kind = extra.getShort() & 0xFFFF;
      int length = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
      ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      extra.position(extra.position() + length);
      if (kind == 1) {
        size = size == NOT_HERE && field.remaining() >= 8 ? field.getLong() : size;
        packed = packed == NOT_HERE && field.remaining() >= 8 ? field.getLong() : packed;
        local = local == NOT_HERE && field.remaining() >= 8 ? field.getLong() : local;
      }
    }
    return new Entry(new String(name, StandardCharsets.UTF_8), method, packed, size, local);
  }

  /** From the end backwards: the record of the end, and where there is one that of 64 bits. */
  private Region directory() {
    int tail = (int) Math.min(archive.size(), 22 + LONGEST_COMMENT);
    ByteBuffer end = little(archive.read(archive.size() - tail, tail));
    for (int at = tail - 22; at >= 0; at--) {
      if (end.getInt(at) == END && (end.getShort(at + 20) & 0xFFFF) == tail - at - 22) {
        long length = end.getInt(at + 12) & NOT_HERE;
        long from = end.getInt(at + 16) & NOT_HERE;
        long place = archive.size() - tail + at;
        // bytes before the archive, a launcher's script: places count from behind them
        return length == NOT_HERE || from == NOT_HERE
            ? directory64(place)
            : region(place, length, from);
      }
    }
    throw new Fault.InvalidArgument("is not a zip archive");
  }

  private Region region(long place, long length, long from) {
    before = place - length - from;
    if (before < 0) {
      throw new Fault.InvalidArgument("its directory is not where it says");
    }
    return new Region(from + before, length);
  }

  private Region directory64(long endAt) {
    ByteBuffer locator = little(archive.read(endAt - 20, 20));
    long record = locator.getLong(8);
    ByteBuffer end = little(archive.read(record, 56));
    if (locator.getInt(0) != END64_PLACE || end.getInt(0) != END64) {
      throw new Fault.InvalidArgument("its end of 64 bits is damaged");
    }
    return region(record, end.getLong(40), end.getLong(48));
  }

  /** Where an entry's bytes are, packed as they are. */
  Bytes packed(Entry entry) {
    ByteBuffer header = little(archive.read(entry.at() + before, 30));
    if (header.getInt(0) != LOCAL) {
      throw new Fault.InvalidArgument("the entry " + entry.name() + " is not where it should be");
    }
    int variable = (header.getShort(26) & 0xFFFF) + (header.getShort(28) & 0xFFFF);
    return archive.part(entry.at() + before + 30 + variable, entry.packed());
  }

  /**
   * Unpacks an entry.
   *
   * @throws Fault.InvalidArgument when it is damaged, longer than {@code most} or packed by
   *     something else than deflate
   */
  byte[] content(Entry entry, long most) {
    if (entry.size() < 0 || entry.size() > most) {
      throw new Fault.InvalidArgument(
          "the entry " + entry.name() + " has " + entry.size() + " bytes, more than " + most);
    }
    Bytes packed = packed(entry);
    int size = (int) entry.size();
    if (entry.stored()) {
      return packed.read(0, (int) Math.min(size, packed.size()));
    }
    if (entry.method() != 8) {
      throw new Fault.InvalidArgument(
          "the entry " + entry.name() + " is packed by method " + entry.method());
    }
    byte[] out = new byte[size];
    try (Inflater inflater = new Inflater(true)) {
      int done = 0;
      for (long at = 0; at < packed.size() && done < size; ) {
        int length = (int) Math.min(PIECE, packed.size() - at);
        inflater.setInput(packed.read(at, length));
        at += length;
        int n;
        do {
          n = inflater.inflate(out, done, size - done);
          done += n;
        } while (n > 0 && done < size);
      }
      if (done != size) {
        throw new Fault.InvalidArgument("the entry " + entry.name() + " is cut off");
      }
      return out;
    } catch (DataFormatException e) {
      throw new Fault.InvalidArgument(
          "the entry " + entry.name() + " is damaged: " + e.getMessage(), e);
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
