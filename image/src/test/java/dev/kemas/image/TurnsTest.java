package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
  private final AtomicInteger most = new AtomicInteger(1);
  private final Turns turns = new Turns(most::get);

  @Test
  void aSettingThatIsRaisedLetsThoseWhoWaitThrough() throws InterruptedException {
    CountDownLatch through = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Turns.Turn _ = turns.take("one")) {
      for (int i = 0; i < 2; i++) {
        threads.submit(() -> {
          Turns.Turn mine = turns.take("another");
          through.countDown();
          return mine;
        });
      }
      assertThat(through.await(50, TimeUnit.MILLISECONDS)).isFalse();
      most.set(3);
      assertThat(through.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aSettingThatIsLoweredHoldsForWhoComesNext() throws InterruptedException {
    most.set(2);
    Turns.Turn one = turns.take("one");
    Turns.Turn two = turns.take("two");
    most.set(1);
    CountDownLatch through = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(() -> {
        Turns.Turn mine = turns.take("three");
        through.countDown();
        return mine;
      });
      one.close();
      assertThat(through.await(50, TimeUnit.MILLISECONDS)).isFalse();
      two.close();
      assertThat(through.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }
}
