package dev.kemas.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Under which name each file was met first that has several names (hard links), for who walks a
 * tree. Takes about 16 bytes a file beside the name's own, since in a tree that is shared by links
 * every file is such a one. One thread.
 */
public final class FirstNames {
  private static final int CHUNK = 1 << 18;
  private static final int FEWEST = 16;

  private record Device(int major, int minor) {}

  /** Open addressing; inode 0 is no file's. */
  private static final class Table {
    long[] inodes = new long[FEWEST];
    long[] places = new long[FEWEST];
    int used;

    /** Where the inode is, or the free slot where it would be. */
    int slot(long inode) {
      int mask = inodes.length - 1;
      int at = Long.hashCode(inode * 0x9E3779B97F4A7C15L) & mask;
      while (inodes[at] != 0 && inodes[at] != inode) {
        at = (at + 1) & mask;
      }
      return at;
    }

    void grow() {
      long[] before = inodes;
      long[] were = places;
      inodes = new long[before.length * 2];
      places = new long[before.length * 2];
      for (int i = 0; i < before.length; i++) {
        if (before[i] != 0) {
          int at = slot(before[i]);
          inodes[at] = before[i];
          places[at] = were[i];
        }
      }
    }
  }

  private final Map<Device, Table> tables = new HashMap<>();
  private final List<byte[]> chunks = new ArrayList<>();
  private int free = CHUNK;

  /** None yet. */
  public FirstNames() {}

  /**
   * The name under which this file was met before; empty the first time, when this name is
   * remembered.
   *
   * @param stat of the file
   * @param name as {@link FileNames} has names, at most 128 KiB long
   */
  public Optional<String> of(Stat stat, String name) {
    Device device = new Device(stat.deviceMajor(), stat.deviceMinor());
    Table table = tables.computeIfAbsent(device, missing -> new Table());
    int slot = table.slot(stat.inode());
    if (table.inodes[slot] != 0) {
      return Optional.of(name(table.places[slot]));
    }
    if (++table.used * 3 > table.inodes.length * 2) {
      table.grow();
      slot = table.slot(stat.inode());
    }
    table.inodes[slot] = stat.inode();
    table.places[slot] = keep(FileNames.encode(name));
    return Optional.empty();
  }

  private long keep(byte[] name) {
    if (free + 3 + name.length > CHUNK) {
      chunks.add(new byte[CHUNK]);
      free = 0;
    }
    byte[] chunk = chunks.getLast();
    int at = free;
    chunk[at] = (byte) (name.length >> 16);
    chunk[at + 1] = (byte) (name.length >> 8);
    chunk[at + 2] = (byte) name.length;
    System.arraycopy(name, 0, chunk, at + 3, name.length);
    free = at + 3 + name.length;
    return (long) (chunks.size() - 1) * CHUNK + at;
  }

  private String name(long place) {
    byte[] chunk = chunks.get((int) (place / CHUNK));
    int at = (int) (place % CHUNK);
    int length = (chunk[at] & 0xFF) << 16 | (chunk[at + 1] & 0xFF) << 8 | (chunk[at + 2] & 0xFF);
    return FileNames.decode(chunk, at + 3, length);
  }
}
