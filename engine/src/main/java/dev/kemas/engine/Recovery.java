package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.network.Networks;
import dev.kemas.network.Reconciliation;
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
  private final Snapshotter snapshotter;
  private final Networks networks;
  private final ContainerRuntime runtime;

  Recovery(
      EngineSettings settings,
      ContainerTable table,
      Lifecycle lifecycle,
      Clearance clearance,
      Snapshotter snapshotter,
      Networks networks,
      ContainerRuntime runtime) {
    this.settings = settings;
    this.table = table;
    this.lifecycle = lifecycle;
    this.clearance = clearance;
    this.snapshotter = snapshotter;
    this.networks = networks;
    this.runtime = runtime;
  }

  void run() {
    List<Cell> ended = new ArrayList<>();
    Set<String> alive = new HashSet<>();
    for (Cell cell : table.cells()) {
      compare(cell, alive, ended);
    }
    Reconciliation network = networks.reconcile(alive);
    network.repaired().forEach(line -> LOG.info("network: {}", line));
    removeOrphans();
    ended.forEach(this::recordEnd);
    table.cells().forEach(this::applyPolicy);
  }

  private void compare(Cell cell, Set<String> alive, List<Cell> ended) {
    Container container = cell.now();
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), container.id());
    if (!container.state().isAlive()) {
      // whatever a start had begun when the engine was killed was never confirmed to anybody
      if (runtime.observe(folder.bundle()) instanceof Observed.Alive || folder.isMounted()) {
        clearance.clear(container);
      }
      return;
    }
    Observed seen =
        runtime.adopt(
            folder.bundle(),
            LogOptions.limits(container.host().logConfig(), settings.logLimits()),
            listener(cell));
    if (seen instanceof Observed.Alive) {
      alive.add(container.id());
      lifecycle.adopted(container);
    } else {
      ended.add(cell);
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
    Observed seen =
        runtime.observe(ContainerFolder.of(settings.dataRoot(), container.id()).bundle());
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
            clearance.eraseOrphan(id);
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
        if (container.host().restartPolicy().name().equals("always") && container.stoppedByUser()) {
          startAgain(cell);
        }
      }
      case ContainerState.Created c -> {}
      case ContainerState.Running r -> {}
      case ContainerState.Paused p -> {}
      case ContainerState.Removing r -> {}
    }
  }

  /** A policy of always holds for a stopped container too once the engine starts anew. */
  private void startAgain(Cell cell) {
    try {
      lifecycle.start(cell);
    } catch (Fault e) {
      LOG.warn("cannot start container {}: {}", cell.now().id(), e.getMessage());
    }
  }
}
