package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class StallGuardTest {
  /** Gives one byte, then nothing until it is closed. */
  private static final class Silent extends InputStream {
    final CountDownLatch closed = new CountDownLatch(1);
    private boolean given;

    @Override
    public int read() throws IOException {
      if (!given) {
        given = true;
        return 'a';
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      bytes[from] = (byte) read();
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void whatIsSilentForTooLongEndsWithTheReason() throws IOException {
    try (StallGuard guard = new StallGuard(new Silent(), Duration.ofMillis(100))) {
      assertThat(guard.read()).isEqualTo('a');
      assertThatThrownBy(guard::read).hasMessageContaining("nothing came for");
    }
  }

  @Test
  void aReaderMayTakeItsTime() throws Exception {
    Silent source = new Silent();
    try (StallGuard guard = new StallGuard(source, Duration.ofMillis(20))) {
      assertThat(source.closed.await(200, TimeUnit.MILLISECONDS)).as("ended").isFalse();
      assertThat(guard.read()).isEqualTo('a');
    }
  }
}
