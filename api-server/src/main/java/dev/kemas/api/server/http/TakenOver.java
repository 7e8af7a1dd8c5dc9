package dev.kemas.api.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of an HTTP connection after an upgrade: a session that has it for itself. */
final class TakenOver extends AbstractConnection implements Connection.UpgradeTo, RawStream {
  private static final Logger LOG = LoggerFactory.getLogger(TakenOver.class);
  private static final int BUFFER = 32 * 1024;
  private final Call.Session session;
  private final Input input = new Input();
  private final CountDownLatch ended = new CountDownLatch(1);

  TakenOver(EndPoint endPoint, Executor executor, Call.Session session) {
    super(endPoint, executor);
    this.session = session;
  }

  /** Bytes that came right behind the request's body. */
  @Override
  public void onUpgradeTo(ByteBuffer early) {
    input.early(early);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(0);
    Thread.ofVirtual().name("session").start(this::run);
  }

  private void run() {
    try {
      session.run(this);
    } catch (IOException e) {
      LOG.debug("the client of a stream went away: {}", e.toString());
    } catch (Exception e) {
      LOG.warn("a stream ended early: {}", e.getMessage(), e);
    } finally {
      ended.countDown();
      getEndPoint().close();
    }
  }

  @Override
  public void onFillable() {
    // reads register their own interest
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public void write(ByteBuffer... buffers) throws IOException {
    try (Blocker.Callback callback = Blocker.callback()) {
      getEndPoint().write(callback, buffers);
      callback.block();
    }
  }

  private final class Input extends InputStream {
    private ByteBuffer buffer = BufferUtil.EMPTY_BUFFER;

    void early(ByteBuffer bytes) {
      ByteBuffer copy = BufferUtil.allocate(bytes.remaining());
      BufferUtil.append(copy, bytes);
      buffer = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (!buffer.hasRemaining()) {
        if (buffer.capacity() < BUFFER) {
          buffer = BufferUtil.allocate(BUFFER);
        }
        int filled = getEndPoint().fill(buffer);
        if (filled < 0) {
          return -1;
        }
        if (filled == 0) {
          try (Blocker.Callback callback = Blocker.callback()) {
            getEndPoint().fillInterested(Callback.from(callback::succeeded, callback::failed));
            callback.block();
          }
        }
      }
      int n = Math.min(length, buffer.remaining());
      buffer.get(target, offset, n);
      return n;
    }
  }
}
