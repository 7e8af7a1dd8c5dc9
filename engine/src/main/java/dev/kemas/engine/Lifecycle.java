package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.Observed;
import dev.kemas.runtime.RuntimeErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts containers and learns of their ends. Each change is recorded before anybody is told.
 * Whoever waits for an end is told as soon as it is recorded; mounts, cgroups and links are cleared
 * away behind them.
 */
final class Lifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
  private static final int FAILED_START = 128;

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Launcher launcher;
  private final Clearance clearance;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;
  private final Restarts restarts;
  private final HealthWatch health;
  private final Background background = new Background();

  Lifecycle(
      EngineSettings settings,
      ContainerTable table,
      Launcher launcher,
      Clearance clearance,
      ContainerRuntime runtime,
      ContainerEvents events,
      HealthWatch health) {
    this.settings = settings;
    this.table = table;
    this.launcher = launcher;
    this.clearance = clearance;
    this.runtime = runtime;
    this.events = events;
    this.health = health;
    this.restarts = new Restarts(this::restartNow);
  }

  Optional<Health> health(String id) {
    return health.of(id);
  }

  private Bundle bundle(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id()).bundle();
  }

  // ---- start

  void start(Cell cell) {
    cell.cleared().join();
    cell.lock.lock();
    try {
      Container container = cell.requirePresent();
      switch (container.state()) {
        case ContainerState.Running r ->
            throw new Fault.NotModified("container " + container.id() + " is already running");
        case ContainerState.Paused p ->
            throw new Fault.Conflict("cannot start a paused container, try unpause instead");
        case ContainerState.Removing r ->
            throw new Fault.Conflict("container is marked for removal and cannot be started");
        case ContainerState.Created c -> launch(cell, container.withRestarts(0));
        case ContainerState.Exited e -> launch(cell, container.withRestarts(0));
        case ContainerState.Restarting r -> {
          restarts.cancel(container.id());
          launch(cell, container.withRestarts(0));
        }
      }
    } finally {
      cell.lock.unlock();
    }
  }

  private void launch(Cell cell, Container container) {
    Container fresh = container.withStoppedByUser(false);
    List<CompletableFuture<Attachment>> waiting = cell.takeAwaitingStart();
    try {
      int pid = launcher.launch(fresh, listener(cell, cell.beginRun()));
      try {
        waiting.forEach(w -> w.complete(runtime.attach(bundle(fresh))));
        Instant now = Instant.now();
        runtime.start(bundle(fresh));
        table.save(cell, fresh.with(new ContainerState.Running(pid, now)));
      } catch (RuntimeException e) {
        clearance.clear(fresh);
        throw e;
      }
    } catch (RuntimeException e) {
      waiting.forEach(w -> w.completeExceptionally(e));
      failedStart(cell, container, e);
      throw e;
    }
    events.tell("start", cell.now());
    health.started(cell.now());
  }

  private void failedStart(Cell cell, Container container, RuntimeException cause) {
    // an end of it that is still to be told is none of a run's
    cell.beginRun();
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    int said = RuntimeErrors.exitCode(message);
    int code = said == 125 ? FAILED_START : said;
    ContainerState state =
        container.state().started().isEmpty()
            ? new ContainerState.Created(code, message)
            : new ContainerState.Exited(
                code, container.state().started().get(), Instant.now(), false, message);
    table.save(cell, container.with(state));
    cell.announceExit(code);
    if (container.host().autoRemove()) {
      removeRecord(cell, true);
    }
  }

  // ---- end

  /** Hears of the end of the run that has begun. */
  ContainerRuntime.ExitListener listener(Cell cell, int run) {
    return (bundle, exit) -> {
      cell.lock.lock();
      try {
        if (cell.run() == run && !cell.isGone() && cell.now().state().isAlive()) {
          recordExit(cell, exit);
        }
      } finally {
        cell.lock.unlock();
      }
    };
  }

  /** The cell's lock is held and its container is alive by its record. */
  void recordExit(Cell cell, Observed.Exit exit) {
    Container container = cell.now();
    health.ended(container.id());
    Instant started = container.state().started().orElse(exit.at());
    // the file system's clock, which tells the end, is coarser than ours
    Instant finished = exit.at().isBefore(started) ? started : exit.at();
    boolean again = !container.stoppedByUser() && Restarts.again(container, exit.code());
    boolean oom = OomKill.happened(container, exit.code(), cgroup(container));
    ContainerState state =
        again
            ? new ContainerState.Restarting(exit.code(), started, finished)
            : new ContainerState.Exited(
                exit.code(),
                started,
                finished,
                oom,
                exit.watched() ? "" : "the container's monitor was killed");
    table.save(cell, container.with(state));
    CompletableFuture<Boolean> cleared = cell.beginClearing();
    if (oom) {
      events.tell("oom", container);
    }
    events.tell("die", container, Map.of("exitCode", Integer.toString(exit.code())));
    if (container.host().autoRemove() && !cell.isRestarting()) {
      clearance.closeNetwork(container);
      cleared.complete(true);
      removeRecord(cell, true);
      return;
    }
    cell.announceExit(exit.code());
    background.run(
        "clear-" + container.shortId(),
        () -> {
          try {
            clearance.clear(container);
          } finally {
            cleared.complete(true);
          }
          if (again) {
            restarts.schedule(cell, Duration.between(started, finished), container.restarts());
          }
        });
  }

  private String cgroup(Container container) {
    return Launcher.cgroupParent(container, settings) + "/" + container.id();
  }

  /** A container that an earlier engine started runs on. */
  void adopted(Container container) {
    health.started(container);
  }

  /** Its processes are frozen. */
  void paused(String id) {
    health.paused(id);
  }

  /** Its processes go on. */
  void resumed(String id) {
    health.resumed(id);
  }

  /** An earlier engine was about to start it again. */
  void resumeRestart(Cell cell) {
    restarts.schedule(cell, Duration.ZERO, cell.now().restarts());
  }

  void cancelRestart(String id) {
    restarts.cancel(id);
  }

  private void restartNow(Cell cell) {
    cell.cleared().join();
    cell.lock.lock();
    try {
      if (cell.isGone() || !(cell.now().state() instanceof ContainerState.Restarting)) {
        return;
      }
      // counted by the record that says it runs, so that an attempt cut short does not count
      launch(cell, cell.now().withRestarts(cell.now().restarts() + 1));
    } catch (RuntimeException e) {
      LOG.warn("cannot restart container {}: {}", cell.now().id(), e.getMessage());
    } finally {
      cell.lock.unlock();
    }
  }

  // ---- removal

  /** Removes a container that does not run; nothing happens when it is gone. */
  void takeAway(Cell cell, boolean withVolumes) {
    cell.lock.lock();
    try {
      if (cell.isGone()) {
        return;
      }
      Container container = requireEnded(cell.now());
      restarts.cancel(container.id());
      removeRecord(cell, withVolumes);
    } finally {
      cell.lock.unlock();
    }
  }

  private static Container requireEnded(Container container) {
    if (container.state().isAlive()) {
      throw new Fault.Conflict(
          "cannot remove container \"/" + container.name() + "\": it was started meanwhile");
    }
    return container;
  }

  /**
   * Removes the record, which is the moment it is gone for everybody, and the rest: behind it for a
   * container that goes by itself, since somebody waits for that moment. Anonymous volumes are seen
   * by others, so they are gone before it is told. The cell's lock is held and nothing of it runs.
   */
  private void removeRecord(Cell cell, boolean withVolumes) {
    Container container = cell.now();
    if (!withVolumes) {
      ContainerFolder.of(settings.dataRoot(), container.id()).forgetVolumes();
    }
    int code = container.state().lastExitCode();
    table.remove(cell);
    boolean behind =
        container.host().autoRemove()
            && container.mounts().stream().noneMatch(MountPoint::anonymous);
    if (!behind) {
      clearance.erase(container);
    }
    cell.announceRemoval(code);
    health.forget(container.id());
    events.tell("destroy", container);
    if (behind) {
      background.run("remove-" + container.shortId(), () -> clearance.erase(container));
    }
  }

  // ---- look

  CompletableFuture<Integer> await(Cell cell, Engine.Condition condition) {
    return switch (condition) {
      case NEXT_EXIT -> cell.nextExit();
      case REMOVED -> cell.removal();
      case NOT_RUNNING -> {
        cell.lock.lock();
        try {
          ContainerState state = cell.now().state();
          yield state.isAlive() || state instanceof ContainerState.Restarting
              ? cell.nextExit()
              : CompletableFuture.completedFuture(state.lastExitCode());
        } finally {
          cell.lock.unlock();
        }
      }
    };
  }

  List<Integer> processes(Cell cell) {
    return runtime.processes(bundle(requireAlive(cell)));
  }

  static Container requireAlive(Cell cell) {
    Container container = cell.now();
    if (!container.state().isAlive()) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    return container;
  }

  /** Ends what goes on by itself and waits for what was left to the background. */
  void close() {
    restarts.close();
    health.close();
    background.settle();
  }
}
