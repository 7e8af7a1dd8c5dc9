package dev.kemas.content;

import dev.kemas.fault.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Hands bytes on and appends them to an ingest. */
final class TeeInput extends FilterInputStream {
  private final Ingest ingest;

  TeeInput(InputStream source, Ingest ingest) {
    super(source);
    this.ingest = ingest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int n = in.read(bytes, from, length);
    if (n > 0) {
      try {
        ingest.write(ByteBuffer.wrap(bytes, from, n));
      } catch (Fault e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] sink = new byte[Math.clamp(count, 0, 64 * 1024)];
    return Math.max(0, read(sink, 0, sink.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
