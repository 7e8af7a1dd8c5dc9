package dev.kemas.registry.store;

import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A blob in an object. Who reads on where the last read ended shares one request with it; the
 * requests grow, so that a small part costs little and a whole blob few of them.
 */
final class S3Reader implements BlobReader {
  private static final long FIRST = 1L << 20;
  private static final long LARGEST = 64L << 20;

  private final S3Client s3;
  private final String name;
  private final Digest digest;
  private final long size;
  private final ReentrantLock lock = new ReentrantLock();
  private InputStream stream = InputStream.nullInputStream();
  private long position;
  private long end;
  private long window = FIRST;

  S3Reader(S3Client s3, String name, Digest digest, long size) {
    this.s3 = s3;
    this.name = name;
    this.digest = digest;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into, long at) {
    if (at >= size) {
      return -1;
    }
    lock.lock();
    try {
      int total = 0;
      while (into.hasRemaining() && at + total < size) {
        moveTo(at + total, into.remaining());
        byte[] piece = new byte[(int) Math.min(Math.min(into.remaining(), 65536), end - position)];
        int n = stream.read(piece);
        if (n < 0) {
          throw new IOException("the store breaks off at byte " + position);
        }
        into.put(piece, 0, n);
        position += n;
        total += n;
      }
      return total;
    } catch (IOException e) {
      position = -1;
      throw new Fault.Unavailable("cannot read blob " + digest + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void moveTo(long at, long wanted) throws IOException {
    if (at == position && position < end) {
      return;
    }
    window = at == position && end > 0 ? Math.min(window * 4, LARGEST) : FIRST;
    stream.close();
    long length = Math.min(Math.max(window, wanted), size - at);
    stream = s3.open(name, at, length);
    position = at;
    end = at + length;
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) {
    ByteBuffer buffer = ByteBuffer.allocate(65536);
    long wanted = Math.min(count, size - from);
    long sent = 0;
    while (sent < wanted) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), wanted - sent));
      if (read(buffer, from + sent) <= 0) {
        break;
      }
      buffer.flip();
      try {
        while (buffer.hasRemaining()) {
          sent += target.write(buffer);
        }
      } catch (IOException e) {
        throw new Fault.Unavailable("cannot send blob " + digest + ": " + e.getMessage(), e);
      }
    }
    return sent;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot close blob " + digest + ": " + e.getMessage(), e);
    }
  }
}
