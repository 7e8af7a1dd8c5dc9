package dev.kemas.registry.client;

import dev.kemas.content.BlobReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.util.function.LongConsumer;

/**
 * A part of a blob as the body of a request, and how far it is. May be sent several times, one
 * after the other.
 */
final class SentBody {
  private final BlobReader blob;
  private final long from;
  private final long count;
  private final LongConsumer progress;
  private volatile long movedAt = System.nanoTime();

  /**
   * @param progress told the blob's bytes that are on their way
   */
  SentBody(BlobReader blob, long from, long count, LongConsumer progress) {
    this.blob = blob;
    this.from = from;
    this.count = count;
    this.progress = progress;
  }

  HttpRequest.BodyPublisher publisher() {
    if (count == 0) {
      return HttpRequest.BodyPublishers.noBody();
    }
    return HttpRequest.BodyPublishers.fromPublisher(
        HttpRequest.BodyPublishers.ofInputStream(() -> new Told(blob.stream(from, count))), count);
  }

  /** When bytes were taken last. */
  long movedAt() {
    return movedAt;
  }

  void start() {
    movedAt = System.nanoTime();
  }

  private final class Told extends FilterInputStream {
    private long done = from;

    Told(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      movedAt = System.nanoTime();
      if (n > 0) {
        done += n;
        progress.accept(done);
      }
      return n;
    }
  }
}
