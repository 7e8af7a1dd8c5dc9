package dev.kemas.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.NetworkNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NftablesWatchTest {
  @TempDir Path folder;

  /** The child starts in the network namespace of the thread that makes it. */
  private static void nft(String commands) {
    ChildProcess.Outcome outcome =
        ChildProcess.run(Command.of("/usr/sbin/nft", commands), Duration.ofSeconds(10));
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
  }

  @Test
  void tellsWhichTablesWereRemovedAndEndsWhenItIsClosed() throws Exception {
    Path file = folder.resolve("ns");
    try (NetworkNamespace ns = NetworkNamespace.create(file)) {
      NftablesWatch watch = ns.call(NftablesWatch::open);
      CompletableFuture<Set<String>> removed = CompletableFuture.supplyAsync(watch::awaitRemoval);
      ns.run(() -> {
        nft("add table ip one; add table ip two");
        nft("flush ruleset");
      });
      assertThat(removed.get(10, TimeUnit.SECONDS)).contains("one");
      watch.close();
      assertThatThrownBy(watch::awaitRemoval).isInstanceOf(Fault.Unavailable.class);
    } finally {
      NetworkNamespace.remove(file);
    }
  }
}
