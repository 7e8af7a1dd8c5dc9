package dev.kemas.build.cache;

import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A small blob that was just made. */
@SuppressWarnings("ArrayRecordComponent")
record BytesReader(byte[] bytes) implements BlobReader {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(into.remaining(), bytes.length - (int) position);
    into.put(bytes, (int) position, count);
    return count;
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    int from = (int) Math.min(position, bytes.length);
    ByteBuffer part = ByteBuffer.wrap(bytes, from, (int) Math.min(count, bytes.length - from));
    int sent = part.remaining();
    try {
      while (part.hasRemaining()) {
        target.write(part);
      }
      return sent;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot send: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    // memory needs no closing
  }
}
