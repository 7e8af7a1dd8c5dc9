package dev.kemas.api.server.http;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Tells when the client of a long answer goes away. */
public final class ClientWatch {
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final EndPoint endPoint;

  ClientWatch(EndPoint endPoint) {
    this.endPoint = endPoint;
    endPoint.tryFillInterested(Callback.from(this::readable, e -> gone.complete(null)));
  }

  private void readable() {
    try {
      // after a whole request only the end of the connection makes sense
      endPoint.fill(BufferUtil.allocate(1));
    } catch (IOException e) {
      endPoint.close(e);
    }
    gone.complete(null);
  }

  /** Completes when the client is gone; never fails. Actions on it must be short. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  /** Runs an action, on any thread, once the client is gone. */
  public void whenGone(Runnable action) {
    Thread.ofVirtual()
        .name("client-gone")
        .start(() -> {
          gone.join();
          action.run();
        });
  }
}
