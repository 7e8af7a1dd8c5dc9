package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import dev.kemas.network.ContainerFiles;
import dev.kemas.network.EndpointSpec;
import dev.kemas.network.ExtraHost;
import dev.kemas.network.Networks;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.Observed;
import dev.kemas.runtime.RuntimeErrors;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.spec.SpecBuilder;
import dev.kemas.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves containers from state to state. Each change is recorded before anybody is told. Whoever
 * waits for an end is told as soon as it is recorded; mounts, cgroups and links are cleared away
 * behind them.
 */
final class Lifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
  private static final int DEFAULT_STOP_SECONDS = 10;
  private static final Duration KILL_LIMIT = Duration.ofSeconds(30);
  private static final int FAILED_START = 128;

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Launcher launcher;
  private final Snapshotter snapshotter;
  private final Networks networks;
  private final Volumes volumes;
  private final ContainerRuntime runtime;
  private final Events events;
  private final Restarts restarts;
  private final HealthWatch health;

  Lifecycle(
      EngineSettings settings,
      ContainerTable table,
      Launcher launcher,
      Snapshotter snapshotter,
      Networks networks,
      Volumes volumes,
      ContainerRuntime runtime,
      Events events,
      HealthWatch health) {
    this.settings = settings;
    this.table = table;
    this.launcher = launcher;
    this.health = health;
    this.snapshotter = snapshotter;
    this.networks = networks;
    this.volumes = volumes;
    this.runtime = runtime;
    this.events = events;
    this.restarts = new Restarts(this::restartNow);
  }

  Optional<Health> health(String id) {
    return health.of(id);
  }

  private Bundle bundle(Container container) {
    return folder(container).bundle();
  }

  private ContainerFolder folder(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id());
  }

  // ---- start

  void start(Cell cell) {
    awaitCleared(cell);
    cell.lock.lock();
    try {
      Container container = requirePresent(cell);
      switch (container.state()) {
        case ContainerState.Running r ->
            throw new Fault.NotModified("container " + container.id() + " is already running");
        case ContainerState.Paused p ->
            throw new Fault.Conflict("cannot start a paused container, try unpause instead");
        case ContainerState.Removing r ->
            throw new Fault.Conflict("container is marked for removal and cannot be started");
        case ContainerState.Created c -> launch(cell, container);
        case ContainerState.Exited e -> launch(cell, container);
        case ContainerState.Restarting r -> {
          restarts.cancel(container.id());
          launch(cell, container);
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
      int pid = launcher.launch(fresh, this::ended);
      try {
        waiting.forEach(w -> w.complete(runtime.attach(bundle(fresh))));
        runtime.start(bundle(fresh));
      } catch (RuntimeException e) {
        runtime.delete(bundle(fresh));
        throw e;
      }
      table.save(cell, fresh.with(new ContainerState.Running(pid, Instant.now())));
    } catch (RuntimeException e) {
      waiting.forEach(w -> w.completeExceptionally(e));
      failedStart(cell, container, e);
      throw e;
    }
    tell("start", cell.now(), Map.of());
    health.started(cell.now());
  }

  private void failedStart(Cell cell, Container container, RuntimeException cause) {
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
      takeAway(cell, true);
    }
  }

  // ---- end

  /** Told by the runtime when the process of a container has ended. */
  void ended(Bundle bundle, Observed.Exit exit) {
    Cell cell;
    try {
      cell = table.get(bundle.id());
    } catch (Fault.NotFound removed) {
      LOG.debug("container {} ended after it was removed: {}", bundle.id(), removed.getMessage());
      return;
    }
    cell.lock.lock();
    try {
      if (cell.now().state().isAlive()) {
        recordExit(cell, exit);
      }
    } finally {
      cell.lock.unlock();
    }
  }

  /** The cell's lock is held and its container is alive by its record. */
  void recordExit(Cell cell, Observed.Exit exit) {
    Container container = cell.now();
    health.ended(container.id());
    Instant started = container.state().started().orElse(exit.at());
    boolean again = !container.stoppedByUser() && Restarts.again(container, exit.code());
    boolean oom = OomKill.happened(container, exit.code(), cgroup(container));
    ContainerState state =
        again
            ? new ContainerState.Restarting(exit.code(), started, exit.at())
            : new ContainerState.Exited(
                exit.code(),
                started,
                exit.at(),
                oom,
                exit.watched() ? "" : "the container's monitor was killed");
    table.save(cell, container.with(state));
    CompletableFuture<Boolean> cleared = cell.beginClearing();
    if (oom) {
      tell("oom", container, Map.of());
    }
    tell("die", container, Map.of("exitCode", Integer.toString(exit.code())));
    if (container.host().autoRemove()) {
      closeNetwork(container);
      cleared.complete(true);
      takeAway(cell, true);
      return;
    }
    cell.announceExit(exit.code());
    Thread.ofVirtual()
        .name("clear-" + container.shortId())
        .start(() -> {
          try {
            clear(container);
          } finally {
            cleared.complete(true);
          }
          if (again) {
            restarts.schedule(cell, Duration.between(started, exit.at()), container.restarts());
          }
        });
  }

  private String cgroup(Container container) {
    return Launcher.cgroupParent(container, settings) + "/" + container.id();
  }

  private void closeNetwork(Container container) {
    try {
      networks.close(container.id());
    } catch (RuntimeException e) {
      LOG.warn("cannot close the network of container {}: {}", container.id(), e.getMessage());
    }
  }

  /** Takes away what a run needed; what fails is tried again at the next start of the engine. */
  void clear(Container container) {
    closeNetwork(container);
    try {
      runtime.delete(bundle(container));
      folder(container).unmount();
    } catch (RuntimeException e) {
      LOG.warn("cannot clear away the run of container {}: {}", container.id(), e.getMessage());
    }
  }

  private static void awaitCleared(Cell cell) {
    cell.cleared().join();
  }

  /** A container that an earlier engine started runs on. */
  void adopted(Container container) {
    health.started(container);
  }

  /** An earlier engine was about to start it again. */
  void resumeRestart(Cell cell) {
    restarts.schedule(cell, Duration.ZERO, cell.now().restarts());
  }

  private void restartNow(Cell cell) {
    cell.lock.lock();
    try {
      if (cell.isGone() || !(cell.now().state() instanceof ContainerState.Restarting)) {
        return;
      }
      Container again = cell.now().withRestarts(cell.now().restarts() + 1);
      table.save(cell, again);
      launch(cell, again);
    } catch (RuntimeException e) {
      LOG.warn("cannot restart container {}: {}", cell.now().id(), e.getMessage());
    } finally {
      cell.lock.unlock();
    }
  }

  // ---- stop, kill, restart

  void stop(Cell cell, Optional<Signal> signal, OptionalInt seconds) {
    CompletableFuture<Integer> end = cell.nextExit();
    try {
      Container container;
      cell.lock.lock();
      try {
        container = requirePresent(cell);
        if (container.state() instanceof ContainerState.Restarting restarting) {
          restarts.cancel(container.id());
          table.save(
              cell,
              container
                  .withStoppedByUser(true)
                  .with(
                      new ContainerState.Exited(
                          restarting.exitCode(),
                          restarting.startedAt(),
                          restarting.finishedAt(),
                          false,
                          "")));
          cell.announceExit(restarting.exitCode());
          return;
        }
        if (!container.state().isAlive()) {
          throw new Fault.NotModified("container " + container.id() + " is not running");
        }
        table.save(cell, container.withStoppedByUser(true));
      } finally {
        cell.lock.unlock();
      }
      Signal first =
          signal.orElseGet(
              () -> container.config().stopSignal().map(Signal::parse).orElse(Signal.TERM));
      int patience = seconds.orElse(container.config().stopTimeout().orElse(DEFAULT_STOP_SECONDS));
      tell("kill", container, Map.of("signal", Integer.toString(first.number())));
      signal(container, first);
      if (container.state() instanceof ContainerState.Paused) {
        runtime.resume(bundle(container));
      }
      if (patience < 0) {
        end.join();
      } else if (!within(end, Duration.ofSeconds(patience))) {
        tell("kill", container, Map.of("signal", Integer.toString(Signal.KILL.number())));
        signal(container, Signal.KILL);
        requireEnd(container, end);
      }
      tell("stop", cell.now(), Map.of());
    } finally {
      cell.forget(end);
    }
  }

  private void signal(Container container, Signal signal) {
    try {
      runtime.signal(bundle(container), signal);
    } catch (Fault.Conflict ended) {
      LOG.debug("container {} ended by itself: {}", container.id(), ended.getMessage());
    }
  }

  private static boolean within(CompletableFuture<Integer> end, Duration limit) {
    try {
      end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException still) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the wait for a container's end was given up");
    } catch (java.util.concurrent.ExecutionException e) {
      throw new Fault.Internal("the wait for a container's end failed", e);
    }
  }

  private static void requireEnd(Container container, CompletableFuture<Integer> end) {
    if (!within(end, KILL_LIMIT)) {
      throw new Fault.Internal(
          "container "
              + container.id()
              + " has not ended "
              + KILL_LIMIT.toSeconds()
              + " s after SIGKILL: a process of it hangs in the kernel");
    }
  }

  void restart(Cell cell, Optional<Signal> signal, OptionalInt seconds) {
    try {
      stop(cell, signal, seconds);
    } catch (Fault.NotModified stopped) {
      LOG.debug("restart: {}", stopped.getMessage());
    }
    start(cell);
    tell("restart", cell.now(), Map.of());
  }

  void kill(Cell cell, Signal signal) {
    Container container = requireAlive(cell);
    boolean ends =
        signal.equals(Signal.KILL)
            || container
                .config()
                .stopSignal()
                .map(Signal::parse)
                .orElse(Signal.TERM)
                .equals(signal);
    if (ends) {
      cell.lock.lock();
      try {
        table.save(cell, cell.now().withStoppedByUser(true));
      } finally {
        cell.lock.unlock();
      }
    }
    if (signal.equals(Signal.KILL) && container.state() instanceof ContainerState.Paused) {
      runtime.signal(bundle(container), signal);
      runtime.resume(bundle(container));
    } else {
      runtime.signal(bundle(container), signal);
    }
    tell("kill", container, Map.of("signal", Integer.toString(signal.number())));
  }

  void pause(Cell cell) {
    cell.lock.lock();
    try {
      Container container = requireAlive(cell);
      if (!(container.state() instanceof ContainerState.Running running)) {
        throw new Fault.Conflict("Container " + container.id() + " is already paused");
      }
      runtime.pause(bundle(container));
      table.save(
          cell, container.with(new ContainerState.Paused(running.pid(), running.startedAt())));
    } finally {
      cell.lock.unlock();
    }
    tell("pause", cell.now(), Map.of());
  }

  void unpause(Cell cell) {
    cell.lock.lock();
    try {
      Container container = requireAlive(cell);
      if (!(container.state() instanceof ContainerState.Paused paused)) {
        throw new Fault.Conflict("Container " + container.id() + " is not paused");
      }
      runtime.resume(bundle(container));
      table.save(
          cell, container.with(new ContainerState.Running(paused.pid(), paused.startedAt())));
    } finally {
      cell.lock.unlock();
    }
    tell("unpause", cell.now(), Map.of());
  }

  // ---- change

  void rename(Cell cell, String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    NewContainer.requireName(bare);
    String before;
    cell.lock.lock();
    try {
      before = requirePresent(cell).name();
      if (before.equals(bare)) {
        throw new Fault.InvalidArgument(
            "Renaming a container with the same name as its current name");
      }
      table.rename(cell, bare);
      if (networks.sandbox(cell.now().id()).isPresent()) {
        networks.rename(cell.now().id(), bare);
      }
    } finally {
      cell.lock.unlock();
    }
    tell("rename", cell.now(), Map.of("oldName", "/" + before));
  }

  List<String> update(Cell cell, Resources limits, Optional<HostConfig.RestartPolicy> policy) {
    NewContainer.requireResources(limits, Runtime.getRuntime().availableProcessors());
    cell.lock.lock();
    try {
      Container container = requirePresent(cell);
      HostConfig host = container.host();
      Resources merged = LimitChanges.merge(host.resources(), limits);
      if (container.state().isAlive()) {
        runtime.update(bundle(container), SpecBuilder.limits(merged, settings.host()));
      }
      table.save(
          cell,
          container.withHost(
              HostConfigs.with(host, merged, host.shmSize(), policy.orElse(host.restartPolicy()))));
    } finally {
      cell.lock.unlock();
    }
    tell("update", cell.now(), Map.of());
    return List.of();
  }

  void connect(Cell cell, String network, NetworkingConfig.EndpointRequest asked) {
    String name = networks.get(network).name();
    cell.lock.lock();
    try {
      Container container = requirePresent(cell);
      EndpointSpec spec = NetworkPlan.endpoint(name, asked, container);
      if (networks.sandbox(container.id()).isPresent()) {
        networks.connect(container.id(), spec);
        rewriteFiles(container);
      }
      Map<String, NetworkingConfig.EndpointRequest> endpoints =
          new TreeMap<>(container.networking().endpoints());
      endpoints.put(name, asked);
      table.save(cell, container.withNetworking(new NetworkingConfig(new TreeMap<>(endpoints))));
    } finally {
      cell.lock.unlock();
    }
    networkEvent("connect", name, cell.now());
  }

  void disconnect(Cell cell, String network, boolean force) {
    String name = networks.get(network).name();
    cell.lock.lock();
    try {
      Container container = requirePresent(cell);
      if (networks.sandbox(container.id()).isPresent()) {
        networks.disconnect(container.id(), name);
        rewriteFiles(container);
      } else if (!force && !container.networking().endpoints().containsKey(name)) {
        throw new Fault.Forbidden(
            "container " + container.id() + " is not connected to network " + name);
      }
      Map<String, NetworkingConfig.EndpointRequest> endpoints =
          new TreeMap<>(container.networking().endpoints());
      endpoints.remove(name);
      table.save(cell, container.withNetworking(new NetworkingConfig(new TreeMap<>(endpoints))));
    } finally {
      cell.lock.unlock();
    }
    networkEvent("disconnect", name, cell.now());
  }

  private void rewriteFiles(Container container) {
    List<ExtraHost> extra = container.host().extraHosts().stream().map(ExtraHost::parse).toList();
    ContainerFiles files = networks.files(container.id(), extra);
    ContainerFolder folder = folder(container);
    try {
      // in place: the container sees the file by a bind mount of its inode
      Files.writeString(folder.hosts(), files.hosts());
      Files.writeString(folder.resolvConf(), files.resolvConf());
    } catch (IOException e) {
      throw new Fault.Internal("cannot write the files of container " + container.id(), e);
    }
  }

  private void networkEvent(String action, String network, Container container) {
    events.tell(
        "network",
        action,
        networks.get(network).id(),
        Map.of("container", container.id(), "name", network, "type", "bridge"));
  }

  // ---- remove

  void remove(Cell cell, boolean force, boolean withVolumes) {
    Container container = cell.now();
    if (container.state().isAlive()) {
      if (!force) {
        throw new Fault.Conflict(
            "cannot remove container \""
                + container.name()
                + "\": container is "
                + container.state().word()
                + ": stop the container before removing or force remove");
      }
      killForRemoval(cell);
    }
    awaitCleared(cell);
    cell.lock.lock();
    try {
      if (cell.isGone()) {
        return;
      }
      restarts.cancel(container.id());
      takeAway(cell, withVolumes);
    } finally {
      cell.lock.unlock();
    }
  }

  private void killForRemoval(Cell cell) {
    CompletableFuture<Integer> end = cell.nextExit();
    try {
      kill(cell, Signal.KILL);
      requireEnd(cell.now(), end);
    } catch (Fault.Conflict ended) {
      LOG.debug("container ended by itself: {}", ended.getMessage());
    } finally {
      cell.forget(end);
    }
  }

  /**
   * Removes the record, which is the moment it is gone for everybody, and the rest: behind it for a
   * container that goes by itself, since somebody waits for that moment. Anonymous volumes are seen
   * by others, so they are gone before it is told. The cell's lock is held and nothing of it runs.
   */
  private void takeAway(Cell cell, boolean withVolumes) {
    Container container = cell.now();
    int code = container.state().lastExitCode();
    table.remove(cell);
    boolean behind =
        container.host().autoRemove()
            && container.mounts().stream().noneMatch(MountPoint::anonymous);
    if (!behind) {
      erase(container, withVolumes);
    }
    cell.announceRemoval(code);
    tell("destroy", container, Map.of());
    if (behind) {
      Thread.ofVirtual()
          .name("remove-" + container.shortId())
          .start(() -> erase(container, withVolumes));
    }
  }

  /** Takes away all that a removed container leaves; what fails is found at the next start. */
  void erase(Container container, boolean withVolumes) {
    clear(container);
    try {
      SnapshotName key = new SnapshotName(container.id());
      if (snapshotter.stat(key).isPresent()) {
        snapshotter.remove(key);
      }
      folder(container).delete();
      if (withVolumes) {
        for (MountPoint mount : container.mounts()) {
          if (mount.anonymous() && volumeUsers(mount.name()).isEmpty()) {
            volumes.remove(mount.name(), this::volumeUsers);
          }
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("cannot remove all of container {}: {}", container.id(), e.getMessage());
    }
  }

  /** The containers that have a volume among their mounts. */
  List<String> volumeUsers(String volume) {
    return table.all().stream()
        .filter(c -> c.mounts().stream().anyMatch(m -> m.name().equals(volume)))
        .map(Container::id)
        .toList();
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

  Container requireAlive(Cell cell) {
    Container container = cell.now();
    if (!container.state().isAlive()) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    return container;
  }

  private static Container requirePresent(Cell cell) {
    if (cell.isGone()) {
      throw new Fault.NotFound(
          "container", cell.now().id(), "No such container: " + cell.now().id());
    }
    return cell.now();
  }

  private void tell(String action, Container container, Map<String, String> more) {
    Map<String, String> attributes = new HashMap<>(container.config().labels());
    attributes.put("image", container.config().image());
    attributes.put("name", container.name());
    attributes.putAll(more);
    events.tell("container", action, container.id(), attributes);
  }

  void close() {
    restarts.close();
    health.close();
  }
}
