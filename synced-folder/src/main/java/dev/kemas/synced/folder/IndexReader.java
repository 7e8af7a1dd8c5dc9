package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows the items of an index one after the other. It stands on an item that is looked at, {@link
 * #item}, and goes on by {@link #advance}, after which that one counts as shown. One thread.
 */
final class IndexReader implements AutoCloseable {
  private static final int ROOM = 1 << 17;

  private static final SortedMap<String, byte[]> NO_XATTRS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /** A place between two items. */
  static final class Mark {
    static final Mark BEGIN = new Mark(IndexFile.HEADER, new byte[0], 0, 0);

    private final long offset;
    private final byte[] previous;
    private final long entries;
    private final long bytes;

    /**
     * @param offset in the file
     * @param previous the path before it, handed over
     * @param entries how many come before it
     * @param bytes of the files before it
     */
    Mark(long offset, byte[] previous, long entries, long bytes) {
      this.offset = offset;
      this.previous = previous;
      this.entries = entries;
      this.bytes = bytes;
    }

    long offset() {
      return offset;
    }

    /** Not to be changed. */
    byte[] previous() {
      return previous;
    }

    long entries() {
      return entries;
    }

    long bytes() {
      return bytes;
    }
  }

  private final FileChannel channel;
  private final Path file;
  private final long end;
  private ByteBuffer buffer = ByteBuffer.allocate(ROOM).flip();
  private long read;
  private Mark shown;
  private byte[] path;
  private @Nullable Item item;
  private boolean damage;

  /** Reads a whole index. */
  static IndexReader open(Path file) {
    FileChannel channel = IndexFile.open(file, StandardOpenOption.READ);
    return new IndexReader(channel, file, Mark.BEGIN, Long.MAX_VALUE);
  }

  /**
   * @param end where to stop if there is no end mark
   */
  IndexReader(FileChannel channel, Path file, Mark from, long end) {
    this.channel = channel;
    this.file = file;
    this.end = end;
    this.read = from.offset();
    this.shown = from;
    this.path = from.previous();
    this.item = parse();
  }

  FileChannel channel() {
    return channel;
  }

  /** Whether there is an item to look at. */
  boolean present() {
    return item != null;
  }

  /** The item to look at. */
  Item item() {
    Item there = item;
    if (there == null) {
      throw new IllegalStateException("the index is at its end");
    }
    return there;
  }

  /** The path of the item to look at. */
  String path() {
    return item().entry().path();
  }

  /** Goes on to the next one. */
  void advance() {
    Item last = item();
    long bytes =
        last.entry().kind() == EntryKind.FILE
            ? Math.max(last.entry().size(), last.stored().length())
            : 0;
    shown = new Mark(position(), path, shown.entries() + 1, shown.bytes() + bytes);
    item = parse();
  }

  /** The place before the item to look at. */
  Mark shown() {
    return shown;
  }

  private long position() {
    return read - buffer.remaining();
  }

  private @Nullable Item parse() {
    if (position() >= end) {
      return null;
    }
    need(1);
    int code = buffer.get();
    if (code == IndexFile.END) {
      return null;
    }
    EntryKind kind = EntryKind.of(code);
    Item.Stored stored = Item.Stored.NONE;
    if (kind == EntryKind.FILE) {
      need(Item.Stored.SIZE);
      Item.State state = Item.State.of(buffer.get());
      stored = new Item.Stored(state, buffer.getLong(), buffer.getLong(), bytes(32));
    }
    need(4);
    int shared = buffer.getShort() & 0xFFFF;
    byte[] suffix = bytes(buffer.getShort() & 0xFFFF);
    if (shared > path.length) {
      throw damaged();
    }
    byte[] full = Arrays.copyOf(path, shared + suffix.length);
    System.arraycopy(suffix, 0, full, shared, suffix.length);
    path = full;
    need(2 + 4 + 4 + 8 + 8 + 2);
    int permissions = buffer.getShort() & 07777;
    int uid = buffer.getInt();
    int gid = buffer.getInt();
    long size = buffer.getLong();
    long modified = buffer.getLong();
    String target = text(buffer.getShort() & 0xFFFF);
    return new Item(
        new Entry(
            FileNames.decode(full), kind, permissions, uid, gid, size, modified, target, xattrs()),
        stored);
  }

  private SortedMap<String, byte[]> xattrs() {
    need(1);
    int count = buffer.get() & 0xFF;
    if (count == 0) {
      return NO_XATTRS;
    }
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      need(2);
      String name = text(buffer.getShort() & 0xFFFF);
      need(4);
      xattrs.put(name, bytes(buffer.getInt()));
    }
    return xattrs;
  }

  private String text(int length) {
    return length == 0 ? "" : FileNames.decode(bytes(length));
  }

  private byte[] bytes(int length) {
    need(length);
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  private void need(int length) {
    if (buffer.remaining() >= length) {
      return;
    }
    if (length < 0 || length > 1 << 20) {
      throw damaged();
    }
    buffer.compact();
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocate(length).put(buffer.flip());
    }
    try {
      while (buffer.position() < length) {
        int n = channel.read(buffer, read);
        if (n < 0) {
          throw damaged();
        }
        read += n;
      }
    } catch (IOException e) {
      throw IndexFile.failed("read", file, e);
    }
    buffer.flip();
  }

  /** Whether it was found not to be what was written. */
  boolean isDamaged() {
    return damage;
  }

  private Fault.DataLoss damaged() {
    damage = true;
    return new Fault.DataLoss(
        file + " is damaged at byte " + position() + ": build again, then all is sent anew");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw IndexFile.failed("close", file, e);
    }
  }
}
