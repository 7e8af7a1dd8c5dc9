package dev.kemas.api.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request that tells once when it is read to its end. For one thread. */
final class WatchedBody extends FilterInputStream {
  private final Runnable atEnd;
  private boolean ended;

  WatchedBody(InputStream body, Runnable atEnd) {
    super(body);
    this.atEnd = atEnd;
  }

  @Override
  public int read() throws IOException {
    return seen(super.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return seen(super.read(bytes, offset, length));
  }

  private int seen(int result) {
    if (result < 0 && !ended) {
      ended = true;
      atEnd.run();
    }
    return result;
  }
}
