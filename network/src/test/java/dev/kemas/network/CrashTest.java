package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kemas.fault.Fault;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.network.PortRequest.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon is killed, or a step fails, at every single step of a working day; what comes after
 * finds its way.
 */
final class CrashTest {
  private static final int MOST_STEPS = 200;
  private static final int AT_ONCE = 4;

  @TempDir Path folder;

  /** One step of the day, on a host of its own; whether the day goes on behind it. */
  @FunctionalInterface
  private interface Step {
    boolean judge(Lab lab, int n) throws IOException;
  }

  /** Judges every step, some at once, since most of the time goes by waiting for the kernel. */
  private void everyStep(Step step) {
    AtomicInteger next = new AtomicInteger(1);
    List<Callable<Boolean>> workers = Collections.nCopies(AT_ONCE, () -> judgeAll(step, next));
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<Boolean> worker : pool.invokeAll(workers)) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    assertThat(next.get()).as("steps").isBetween(40, MOST_STEPS);
  }

  private boolean judgeAll(Step step, AtomicInteger next) throws IOException {
    while (true) {
      int n = next.getAndIncrement();
      if (n > MOST_STEPS) {
        return fail("the day has no end");
      }
      Lab lab = new Lab(folder.resolve(String.valueOf(n)));
      try {
        if (!step.judge(lab, n)) {
          return true;
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("at step " + n, e);
      } finally {
        lab.discard();
      }
    }
  }

  /** The process is no more: nothing that it does from here on comes about. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String step) {
      super("killed before: " + step, null, false, false);
    }
  }

  /** Lets all steps from the n-th on fail. */
  private static HostKernel.Probe killAt(int n, AtomicInteger steps) {
    return step -> {
      if (steps.incrementAndGet() >= n) {
        throw new Killed(step);
      }
    };
  }

  /** Lets the n-th step fail, and no other. */
  private static HostKernel.Probe failAt(int n, AtomicInteger steps) {
    return step -> {
      if (steps.incrementAndGet() == n) {
        throw new Fault.Internal("on purpose: " + step);
      }
    };
  }

  private static SandboxSpec first() {
    return Lab.sandbox("c1", "bridge").withPorts(List.of(PortRequest.of(Protocol.TCP, 80, 5000)));
  }

  /** All that there is to do, one after the other; who is open at each moment is noted. */
  private static void workingDay(Networks networks, Set<String> open) {
    networks.reconcile(Set.of());
    networks.settle();
    networks.create(NetworkSpec.of("web"));
    networks.open(first());
    open.add("c1");
    networks.open(Lab.sandbox("c2", "web"));
    open.add("c2");
    networks.connect("c1", EndpointSpec.to("web"));
    networks.disconnect("c1", "bridge");
    networks.rename("c1", "renamed");
    open.remove("c2");
    networks.close("c2");
    networks.settle();
    networks.remove(networks.create(NetworkSpec.of("other")).name());
  }

  @Test
  void afterAKillAtAnyStepWhatIsNotLiveIsGone() {
    everyStep((lab, n) -> {
      MemoryRecords records = new MemoryRecords();
      boolean killed = killedAt(lab, n, records, new TreeSet<>());
      Networks next = Networks.open(lab.settings("t"), records);
      next.reconcile(Set.of());
      next.settle();
      assertThat(records.ids("sandbox")).isEmpty();
      assertThat(records.ids("spare")).isEmpty();
      assertThat(lab.links())
          .allMatch(l -> l.equals("lo") || l.equals("wan") || isBridgeOf(next, l));
      assertThat(lab.rules()).doesNotContain(". 5000 :");
      next.open(first());
      next.close("c1");
      if (!killed) {
        next.destroy();
        lab.assertClean();
        assertThat(records.ids("network")).isEmpty();
      } else {
        next.letGo();
      }
      return killed;
    });
  }

  private static boolean isBridgeOf(Networks networks, String link) {
    return networks.list().stream().anyMatch(n -> n.bridge().equals(link));
  }

  @Test
  void afterAKillAtAnyStepWhatIsLiveWorks() {
    everyStep((lab, n) -> {
      MemoryRecords records = new MemoryRecords();
      Set<String> open = new TreeSet<>();
      boolean killed = killedAt(lab, n, records, open);
      if (!open.isEmpty()) {
        Networks next = Networks.open(lab.settings("t"), records);
        Reconciliation result = next.reconcile(open);
        assertThat(result.kept()).isEqualTo(open);
        assertThat(result.lost()).isEmpty();
        for (String id : open) {
          assertWorks(lab, next.sandbox(id).orElseThrow());
        }
        next.letGo();
      }
      return killed;
    });
  }

  private static void assertWorks(Lab lab, Sandbox sandbox) throws IOException {
    try (NetworkNamespace inside = NetworkNamespace.open(sandbox.namespace().orElseThrow());
        Closeable served = Talk.serveTcp(inside, 80, sandbox.id())) {
      assertThat(served).isNotNull();
      var address = sandbox.endpoints().getFirst().ipv4().orElseThrow().address();
      assertThat(Talk.tcp(lab.host, address, 80)).startsWith(sandbox.id());
      if (!sandbox.ports().isEmpty()) {
        assertThat(Talk.tcp(lab.outside, Lab.HOST, 5000)).startsWith("c1");
      }
    }
  }

  private static boolean killedAt(Lab lab, int n, MemoryRecords records, Set<String> open) {
    Networks networks =
        Networks.open(lab.settings("t").withSpares(1), records, killAt(n, new AtomicInteger()));
    try {
      workingDay(networks, open);
      return false;
    } catch (Killed e) {
      return true;
    } finally {
      networks.letGo();
    }
  }

  @Test
  void aStepThatFailsIsTakenBackAndWhatComesAfterWorks() {
    everyStep((lab, n) -> {
      MemoryRecords records = new MemoryRecords();
      AtomicInteger steps = new AtomicInteger();
      Networks networks = Networks.open(lab.settings("t"), records, failAt(n, steps));
      Set<String> open = new TreeSet<>();
      try {
        workingDay(networks, open);
      } catch (Fault.Internal e) {
        assertThat(e).hasMessageStartingWith("on purpose");
      }
      boolean failed = steps.getAndSet(MOST_STEPS) >= n;
      if (isReconciled(networks)) {
        assertThat(networks.sandboxes()).map(Sandbox::id).hasSameElementsAs(open);
        open.forEach(networks::close);
        networks.settle();
        assertThat(records.ids("sandbox")).isEmpty();
        networks.open(first());
        networks.close("c1");
      }
      networks.letGo();
      Networks next = Networks.open(lab.settings("t"), records);
      next.reconcile(Set.of());
      next.settle();
      assertThat(lab.links())
          .allMatch(l -> l.equals("lo") || l.equals("wan") || isBridgeOf(next, l));
      next.letGo();
      return failed;
    });
  }

  private static boolean isReconciled(Networks networks) {
    try {
      networks.remove("no such network");
      return false;
    } catch (Fault.NotFound e) {
      return true;
    } catch (Fault.Unavailable e) {
      return false;
    }
  }
}
