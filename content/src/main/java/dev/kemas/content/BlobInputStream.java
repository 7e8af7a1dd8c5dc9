package dev.kemas.content;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Objects;

/** A part of a blob as a stream; leaves the reader open. */
final class BlobInputStream extends InputStream {
  private final BlobReader blob;
  private final long end;
  private long position;

  BlobInputStream(BlobReader blob, long position, long count) {
    if (position < 0 || count < 0) {
      throw new Fault.InvalidArgument(
          "a part of a blob from " + position + ", " + count + " bytes long, is not possible");
    }
    this.blob = blob;
    this.position = Math.min(position, blob.size());
    this.end = this.position + Math.min(count, blob.size() - this.position);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    int wanted = (int) Math.min(length, end - position);
    if (length == 0) {
      return 0;
    }
    if (wanted <= 0) {
      return -1;
    }
    try {
      int n = blob.read(ByteBuffer.wrap(bytes, from, wanted), position);
      if (n > 0) {
        position += n;
      }
      return n;
    } catch (Fault e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public long skip(long count) {
    long step = Math.max(0, Math.min(count, end - position));
    position += step;
    return step;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position);
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    long n = blob.transferTo(position, end - position, Channels.newChannel(out));
    position += n;
    return n;
  }
}
