package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.network.Networks;
import dev.kemas.network.Reconciliation;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.Observed;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what is recorded with what is there, once, when an engine starts. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Lifecycle lifecycle;
  private final Clearance clearance;
  private final Alterations alterations;
  private final Snapshotter snapshotter;
  private final Networks networks;
  private final ContainerRuntime runtime;

  Recovery(
      EngineSettings settings,
      ContainerTable table,
      Lifecycle lifecycle,
      Clearance clearance,
      Alterations alterations,
      Snapshotter snapshotter,
      Networks networks,
      ContainerRuntime runtime) {
    this.settings = settings;
    this.table = table;
    this.lifecycle = lifecycle;
    this.clearance = clearance;
    this.alterations = alterations;
    this.snapshotter = snapshotter;
    this.networks = networks;
    this.runtime = runtime;
  }

  void run() {
    List<Cell> alive = new ArrayList<>();
    List<Cell> ended = new ArrayList<>();
    List<Cell> still = new ArrayList<>();
    for (Cell cell : table.cells()) {
      if (cell.now().state().isAlive()) {
        attempt(cell, () -> (look(cell) ? alive : ended).add(cell));
      } else {
        still.add(cell);
      }
    }
    Set<String> ids = new HashSet<>();
    alive.forEach(c -> ids.add(c.now().id()));
    // whatever a start had begun when the engine was killed was never confirmed to anybody
    Set<String> interrupted = runtime.endUnwatched(ids);
    still.forEach(c -> attempt(c, () -> clearInterrupted(c.now(), interrupted)));
    Reconciliation network = networks.reconcile(ids);
    network.repaired().forEach(line -> LOG.info("network: {}", line));
    alive.forEach(c -> attempt(c, () -> takeOver(c)));
    removeOrphans();
    ended.forEach(c -> attempt(c, () -> recordEnd(c)));
    ended.removeIf(c -> !(c.now().state() instanceof ContainerState.Exited));
    still.addAll(ended);
    still.forEach(c -> attempt(c, () -> applyPolicy(c)));
  }

  /** One container that cannot be brought in order holds up no other. */
  private static void attempt(Cell cell, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("container {} could not be recovered: {}", cell.now().id(), e.getMessage(), e);
    }
  }

  /** Whether a container that is recorded as running does; it is watched then. */
  private boolean look(Cell cell) {
    Container container = cell.now();
    return runtime.adopt(
            bundle(container), LogOptions.limits(container.host().logConfig()), listener(cell))
        instanceof Observed.Alive;
  }

  private Bundle bundle(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id()).bundle();
  }

  private void clearInterrupted(Container container, Set<String> interrupted) {
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), container.id());
    if (interrupted.contains(container.id())
        || runtime.isKnown(folder.bundle())
        || folder.isMounted()) {
      clearance.clearInterrupted(container);
    }
  }

  private void takeOver(Cell cell) {
    cell.lock.lock();
    try {
      if (!cell.now().state().isAlive()) {
        return;
      }
      try {
        alterations.reconcile(cell);
      } catch (Fault e) {
        LOG.error("container {} differs from its record: {}", cell.now().id(), e.getMessage(), e);
      }
      lifecycle.adopted(cell.now());
    } finally {
      cell.lock.unlock();
    }
  }

  private ContainerRuntime.ExitListener listener(Cell cell) {
    cell.lock.lock();
    try {
      return lifecycle.listener(cell, cell.beginRun());
    } finally {
      cell.lock.unlock();
    }
  }

  private void recordEnd(Cell cell) {
    Container container = cell.now();
    Observed seen = runtime.observe(bundle(container));
    Observed.Exit exit =
        seen instanceof Observed.Ended(Observed.Exit known)
            ? known
            : new Observed.Exit(255, Instant.now(), false);
    cell.lock.lock();
    try {
      lifecycle.recordExit(cell, exit);
    } finally {
      cell.lock.unlock();
    }
  }

  /** Containers that were being made or removed: a folder or a snapshot without a record. */
  private void removeOrphans() {
    Set<String> known = new HashSet<>();
    table.cells().forEach(c -> known.add(c.now().id()));
    Path folders = settings.dataRoot().resolve("containers");
    if (Files.isDirectory(folders)) {
      try (Stream<Path> list = Files.list(folders)) {
        for (Path path : list.toList()) {
          String id = path.getFileName().toString();
          if (ID.matcher(id).matches() && !known.contains(id)) {
            LOG.info("removing what is left of container {}", id);
            removeOrphan(id);
          }
        }
      } catch (IOException e) {
        throw new Fault.Internal("cannot list " + folders + ": " + e.getMessage(), e);
      }
    }
    List<SnapshotName> lost = new ArrayList<>();
    snapshotter.walk(info -> {
      if (info.kind() == SnapshotInfo.Kind.ACTIVE
          && ID.matcher(info.name().value()).matches()
          && !known.contains(info.name().value())) {
        lost.add(info.name());
      }
    });
    lost.forEach(snapshotter::remove);
  }

  private void removeOrphan(String id) {
    try {
      clearance.eraseOrphan(id);
    } catch (Fault e) {
      LOG.error("what is left of container {} stays for now: {}", id, e.getMessage(), e);
    }
  }

  private void applyPolicy(Cell cell) {
    Container container = cell.now();
    if (cell.isGone()) {
      return;
    }
    boolean over =
        container.state() instanceof ContainerState.Created
            || container.state() instanceof ContainerState.Exited;
    if (container.host().autoRemove() && over) {
      lifecycle.takeAway(cell, true);
      return;
    }
    switch (container.state()) {
      case ContainerState.Restarting r -> lifecycle.resumeRestart(cell);
      case ContainerState.Exited e -> {
        String policy = container.host().restartPolicy().name();
        if (policy.equals("always")
            || (policy.equals("unless-stopped") && !container.stoppedByUser())) {
          startAgain(cell);
        }
      }
      case ContainerState.Created c -> {}
      case ContainerState.Running r -> {}
      case ContainerState.Paused p -> {}
      case ContainerState.Removing r -> {}
    }
  }

  /**
   * Once the engine starts anew, a policy of always holds for a stopped container too, and a start
   * that failed is tried again.
   */
  private void startAgain(Cell cell) {
    try {
      lifecycle.start(cell);
    } catch (Fault e) {
      LOG.warn("cannot start container {}: {}", cell.now().id(), e.getMessage());
    }
  }
}
