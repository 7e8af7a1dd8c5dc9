package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NftablesWatchTest {
  @TempDir Path folder;

  @Test
  void tellsWhichTablesWereRemovedAndEndsWhenItIsClosed() throws Exception {
    Path file = folder.resolve("ns");
    try (NetworkNamespace ns = NetworkNamespace.create(file)) {
      NftablesWatch watch = ns.call(NftablesWatch::open);
      CompletableFuture<Set<String>> removed = CompletableFuture.supplyAsync(watch::awaitRemoval);
      ns.run(() -> {
        try (Nftables nft = Nftables.open()) {
          nft.run("add table ip one\nadd table ip two");
          nft.run("flush ruleset");
        }
      });
      assertThat(removed.get(10, TimeUnit.SECONDS)).contains("one");
      watch.close();
      assertThatThrownBy(watch::awaitRemoval).isInstanceOf(Fault.Unavailable.class);
    } finally {
      NetworkNamespace.remove(file);
    }
  }
}
