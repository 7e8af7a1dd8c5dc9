package dev.kemas.buildkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds by their references. */
@Timeout(30)
final class SolvesTest {
  @TempDir Path folder;
  private Solves solves;

  @BeforeEach
  void open() {
    solves = new Solves(HistoryStore.open(folder, HistoryLimits.DEFAULT, Clock.systemUTC()));
  }

  private static Solve solve(String ref, boolean internal) {
    return new Solve(Control.SolveRequest.newBuilder().setRef(ref).setInternal(internal).build());
  }

  @Test
  void aBuildIsWaitedForUntilItBegins() throws Exception {
    CompletableFuture<Solve> found = CompletableFuture.supplyAsync(() -> solves.await("a"));
    Solve solve = solve("a", false);
    solves.begin(solve);
    assertThat(found.get(10, TimeUnit.SECONDS)).isSameAs(solve);
  }

  @Test
  void anInternalBuildThatIsOverCanStillBeAskedForButIsNoHistory() {
    Solve solve = solve("a", true);
    solves.begin(solve);
    solve.succeeded(Map.of());
    solves.ended(solve);
    assertThat(solves.await("a")).isSameAs(solve);
    assertThat(solves.history().records()).isEmpty();
  }

  @Test
  void onlyTheLatestBuildsAreRemembered() {
    for (int i = 0; i < 60; i++) {
      Solve solve = solve("a" + i, false);
      solves.begin(solve);
      solve.succeeded(Map.of());
      solves.ended(solve);
    }
    assertThat(solves.find("a9")).as("its results").isEmpty();
    assertThat(solves.find("a59")).isPresent();
    assertThat(solves.history().records()).hasSize(60);
  }

  @Test
  void aReferenceIsUsedOnce() {
    solves.begin(solve("a", false));
    assertThatThrownBy(() -> solves.begin(solve("a", false))).isInstanceOf(Fault.Conflict.class);
  }
}
