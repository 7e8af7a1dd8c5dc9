package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.dockerfile.Mount.Sharing;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of cache mounts and who has them. */
class CacheMountsTest {
  @TempDir Path temp;
  private final Cancellation cancelled = new Cancellation();

  private CacheMounts open() {
    return CacheMounts.open(temp, Clock.systemUTC());
  }

  private CacheMounts.Lease take(CacheMounts mounts, Sharing sharing) {
    return mounts.take("pip", Optional.empty(), sharing, files -> {}, cancelled);
  }

  @Test
  void whatLiesBesideAFolderIsGoneInTheNextProcess() throws IOException {
    try (CacheMounts.Lease lease = take(open(), Sharing.SHARED)) {
      Files.writeString(lease.folder().resolve("kept"), "x");
      Files.writeString(Files.createDirectory(lease.beside().resolve("half")).resolve("n1"), "x");
    }
    try (CacheMounts.Lease lease = take(open(), Sharing.SHARED)) {
      assertThat(lease.folder().resolve("kept")).exists();
      assertThat(lease.beside().resolve("half")).doesNotExist();
    }
  }

  @Test
  void whatIsKnownIsLentWithoutAUse() {
    CacheMounts mounts = open();
    assertThat(mounts.takeKnown("pip", Optional.empty(), Sharing.LOCKED, cancelled)).isEmpty();
    assertThat(temp).isEmptyDirectory();
    take(mounts, Sharing.LOCKED).close();
    Optional<Digest> other = Optional.of(Digest.of(new byte[1]));
    assertThat(mounts.takeKnown("pip", other, Sharing.LOCKED, cancelled)).isEmpty();
    mounts.takeKnown("pip", Optional.empty(), Sharing.LOCKED, cancelled).orElseThrow().close();
    assertThat(mounts.list())
        .singleElement()
        .satisfies(usage -> {
          assertThat(usage.uses()).isEqualTo(1);
          assertThat(usage.inUse()).isFalse();
        });
  }

  @Test
  void aLockedFolderIsWaitedFor() throws InterruptedException {
    CacheMounts mounts = open();
    CacheMounts.Lease first = take(mounts, Sharing.LOCKED);
    CountDownLatch lent = new CountDownLatch(1);
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              mounts
                  .takeKnown("pip", Optional.empty(), Sharing.LOCKED, cancelled)
                  .orElseThrow()
                  .close();
              lent.countDown();
            });
    assertThat(lent.await(100, TimeUnit.MILLISECONDS)).isFalse();
    first.close();
    assertThat(lent.await(20, TimeUnit.SECONDS)).isTrue();
    other.join();
  }
}
