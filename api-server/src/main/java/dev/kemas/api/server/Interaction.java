package dev.kemas.api.server;

import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.RawStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and a process, each writing to the other over a connection that was taken over. Ends
 * when the process's output does, or when the client types the detach keys.
 */
final class Interaction implements Call.Session {
  private static final Logger LOG = LoggerFactory.getLogger(Interaction.class);
  private final Attachment attachment;
  private final DetachKeys keys;

  Interaction(Attachment attachment, DetachKeys keys) {
    this.attachment = attachment;
    this.keys = keys;
  }

  @Override
  public void run(RawStream stream) throws IOException {
    try (attachment) {
      attachment
          .stdin()
          .ifPresent(
              stdin -> Thread.ofVirtual().name("stdin").start(() -> feed(stream.input(), stdin)));
      attachment.copyTo(Frames.to(stream, attachment.terminal()));
    }
  }

  private void feed(InputStream from, OutputStream stdin) {
    boolean detached = false;
    try (stdin) {
      DetachKeys.Filter filter = keys.filter();
      byte[] buffer = new byte[32 * 1024];
      for (int n = from.read(buffer); n >= 0 && !detached; n = from.read(buffer)) {
        if (attachment.terminal()) {
          detached = filter.copy(buffer, n, stdin);
          if (detached) {
            // before stdin is closed: the process must not see the end of its input
            attachment.close();
            return;
          }
        } else {
          stdin.write(buffer, 0, n);
          stdin.flush();
        }
      }
    } catch (IOException e) {
      LOG.debug("input ended: {}", e.toString());
    }
  }
}
