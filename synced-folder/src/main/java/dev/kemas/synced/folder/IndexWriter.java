package dev.kemas.synced.folder;

import dev.kemas.linux.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes an index as a draft that becomes visible whole. One thread. */
final class IndexWriter implements AutoCloseable {
  private static final int ROOM = 1 << 17;

  private final Path draft;
  private final FileChannel channel;
  private ByteBuffer buffer = ByteBuffer.allocate(ROOM);
  private long flushed = IndexFile.HEADER;
  private byte[] previous = new byte[0];
  private long entries;
  private long bytes;

  IndexWriter(Path draft) {
    this.draft = draft;
    this.channel =
        IndexFile.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /** Begins with what another index begins with: all that the reader has shown and no more. */
  void begin(IndexReader from) {
    IndexReader.Mark end = from.shown();
    try {
      for (long at = IndexFile.HEADER; at < end.offset(); ) {
        channel.position(at);
        at += from.channel().transferTo(at, end.offset() - at, channel);
      }
    } catch (IOException e) {
      throw IndexFile.failed("write", draft, e);
    }
    flushed = end.offset();
    previous = end.previous();
    entries = end.entries();
    bytes = end.bytes();
  }

  /**
   * Adds an entry.
   *
   * @return where its {@link Item.Stored} lies, for {@link #set}; only files have one
   */
  long add(Item item) {
    Entry entry = item.entry();
    byte[] path = FileNames.encode(entry.path());
    byte[] target = FileNames.encode(entry.target());
    int most = 128 + path.length + target.length + xattrSize(entry.xattrs());
    if (buffer.remaining() < most) {
      flush();
      if (buffer.capacity() < most) {
        buffer = ByteBuffer.allocate(most);
      }
    }
    buffer.put((byte) entry.kind().code);
    long at = flushed + buffer.position();
    if (entry.kind() == EntryKind.FILE) {
      put(buffer, item.stored());
      bytes += Math.max(entry.size(), item.stored().length());
    }
    int shared = 0;
    int shorter = Math.min(path.length, previous.length);
    while (shared < shorter && path[shared] == previous[shared]) {
      shared++;
    }
    buffer.putShort((short) shared).putShort((short) (path.length - shared));
    buffer.put(path, shared, path.length - shared);
    buffer.putShort((short) entry.permissions()).putInt(entry.uid()).putInt(entry.gid());
    buffer.putLong(entry.size()).putLong(entry.modified());
    buffer.putShort((short) target.length).put(target);
    buffer.put((byte) entry.xattrs().size());
    entry
        .xattrs()
        .forEach((name, value) -> {
          byte[] encoded = FileNames.encode(name);
          buffer.putShort((short) encoded.length).put(encoded).putInt(value.length).put(value);
        });
    previous = path;
    entries++;
    return at;
  }

  private static int xattrSize(Map<String, byte[]> xattrs) {
    int size = 0;
    for (Map.Entry<String, byte[]> one : xattrs.entrySet()) {
      size += 6 + one.getKey().length() * 3 + one.getValue().length;
    }
    return size;
  }

  private static void put(ByteBuffer into, Item.Stored stored) {
    into.put((byte) stored.state().code).putLong(stored.inode()).putLong(stored.length());
    into.put(stored.sha256());
  }

  /** Says what came of a file that was added. */
  void set(long at, Item.Stored stored) {
    if (at >= flushed) {
      int end = buffer.position();
      buffer.position((int) (at - flushed));
      put(buffer, stored);
      buffer.position(end);
      return;
    }
    ByteBuffer patch = ByteBuffer.allocate(Item.Stored.SIZE);
    put(patch, stored);
    write(patch.flip(), at);
  }

  /** How many were added. */
  long entries() {
    return entries;
  }

  /** Bytes of the files that were added. */
  long bytes() {
    return bytes;
  }

  /** A place to read on from, see {@link #read}: after all that was added. */
  IndexReader.Mark mark() {
    return new IndexReader.Mark(flushed + buffer.position(), previous, entries, bytes);
  }

  /** Reads what was added from a place on; not to be closed. */
  IndexReader read(IndexReader.Mark from) {
    flush();
    return new IndexReader(channel, draft, from, flushed);
  }

  private void flush() {
    int length = buffer.position();
    write(buffer.flip(), flushed);
    flushed += length;
    buffer.clear();
  }

  private void write(ByteBuffer from, long at) {
    try {
      long to = at;
      while (from.hasRemaining()) {
        to += channel.write(from, to);
      }
    } catch (IOException e) {
      throw IndexFile.failed("write", draft, e);
    }
  }

  /** Writes the rest and takes the place of an index. */
  void commit(Path index, String chosen) {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.put((byte) IndexFile.END);
    flush();
    write(IndexFile.bytes(new IndexFile.Header(chosen, entries, bytes)), 0);
    close();
    IndexFile.replace(draft, index);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw IndexFile.failed("close", draft, e);
    }
  }
}
