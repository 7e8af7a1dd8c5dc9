package dev.kemas.synced.folder;

import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;

/** A file while it comes: written and hashed at once, zeroes left as holes. One thread. */
final class IncomingFile implements AutoCloseable {
  /** Shorter runs of zeroes are written: a hole costs a call. */
  private static final int LEAST_HOLE = 16 << 10;

  private final Directory folder;
  private final String name;
  private final OpenFile file;
  private final MessageDigest hasher;
  private long length;
  private boolean hole;
  private boolean placed;

  /**
   * @param hasher not in use
   */
  IncomingFile(Directory folder, String name, MessageDigest hasher) {
    this.folder = folder;
    this.name = name;
    this.hasher = hasher;
    this.file = folder.create(name, 0600);
  }

  /** Bytes so far. */
  long length() {
    return length;
  }

  MessageDigest hasher() {
    return hasher;
  }

  void write(ByteBuffer bytes) {
    int size = bytes.remaining();
    hasher.update(bytes.duplicate());
    if (size >= LEAST_HOLE && isZero(bytes)) {
      hole = true;
    } else {
      if (hole) {
        file.seek(length);
        hole = false;
      }
      file.write(bytes.duplicate());
    }
    length += size;
  }

  private static boolean isZero(ByteBuffer bytes) {
    int at = bytes.position();
    for (; at + 8 <= bytes.limit(); at += 8) {
      if (bytes.getLong(at) != 0) {
        return false;
      }
    }
    for (; at < bytes.limit(); at++) {
      if (bytes.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Ends it, gives it its attributes and its place. */
  Item.Stored place(FolderTree tree, Entry entry) {
    if (hole) {
      file.truncate(length);
    }
    byte[] sha256 = hasher.digest();
    file.chown(entry.uid(), entry.gid());
    file.chmod(entry.permissions());
    entry.xattrs().forEach(file::setXattr);
    Instant modified = FolderTree.time(entry.modified());
    file.times(modified, modified);
    long inode = file.stat().inode();
    file.close();
    tree.place(name, entry.path());
    placed = true;
    // a hard link whose first name is left out is told with the size 0
    boolean asTold = length == entry.size() || entry.size() == 0;
    return new Item.Stored(asTold ? Item.State.HERE : Item.State.DOUBTED, inode, length, sha256);
  }

  /** Removes what came unless it has its place. */
  @Override
  public void close() {
    file.close();
    if (!placed) {
      folder.unlink(name);
    }
  }
}
