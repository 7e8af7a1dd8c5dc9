package dev.kemas.linux;

import java.nio.ByteBuffer;

/** Copies a file's content without filling its holes (lseek(2), SEEK_DATA). */
final class SparseCopy {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private SparseCopy() {}

  static void copy(OpenFile source, OpenFile target, Stat stat) {
    if (stat.blocks() * 512 >= stat.size()) {
      target.copyFrom(source);
      return;
    }
    target.truncate(stat.size());
    try (Scratch s = Scratch.take()) {
      int from = source.descriptor().enter();
      try {
        long data = FileCalls.LSEEK.asLong(s, from, 0, SEEK_DATA);
        while (data >= 0) {
          long hole = FileCalls.LSEEK.asLong(s, from, data, SEEK_HOLE);
          range(source, target, data, hole < 0 ? stat.size() - data : hole - data);
          data = hole < 0 ? hole : FileCalls.LSEEK.asLong(s, from, hole, SEEK_DATA);
        }
        // ENXIO: no data after this offset
        if (data != -Errno.ENXIO.number()) {
          throw Failure.of(data, "lseek", source.descriptor().what(), "SEEK_DATA");
        }
      } finally {
        source.descriptor().leave();
      }
    }
  }

  private static void range(OpenFile source, OpenFile target, long offset, long length) {
    source.seek(offset);
    target.seek(offset);
    int from = source.descriptor().enter();
    int to = target.descriptor().enter();
    long left = length;
    try (Scratch s = Scratch.take()) {
      while (left > 0) {
        long n = FileCalls.COPY_FILE_RANGE.asLong(s, from, 0, to, 0, left, 0);
        if (n <= 0) {
          // another file system, or one that has no such call
          break;
        }
        left -= n;
      }
    } finally {
      target.descriptor().leave();
      source.descriptor().leave();
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(Scratch.SIZE);
    while (left > 0) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      if (source.read(buffer) < 0) {
        return;
      }
      left -= buffer.position();
      target.write(buffer.flip());
    }
  }
}
