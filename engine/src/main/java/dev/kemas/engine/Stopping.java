package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals and what follows from them: stop, kill, restart, pause, removal. Waits for an end without
 * holding the container's lock, so that others may still kill what does not stop.
 */
final class Stopping {
  private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
  private static final int DEFAULT_STOP_SECONDS = 10;
  private static final Duration KILL_LIMIT = Duration.ofSeconds(30);
  private static final int REMOVAL_KILLS = 5;

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Lifecycle lifecycle;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;

  Stopping(
      EngineSettings settings,
      ContainerTable table,
      Lifecycle lifecycle,
      ContainerRuntime runtime,
      ContainerEvents events) {
    this.settings = settings;
    this.table = table;
    this.lifecycle = lifecycle;
    this.runtime = runtime;
    this.events = events;
  }

  private Bundle bundle(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id()).bundle();
  }

  void stop(Cell cell, Optional<Signal> signal, OptionalInt seconds) {
    CompletableFuture<Integer> end = cell.nextExit();
    try {
      Container container;
      cell.lock.lock();
      try {
        container = cell.requirePresent();
        if (container.state() instanceof ContainerState.Restarting restarting) {
          lifecycle.cancelRestart(container.id());
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
      events.tell("kill", container, Map.of("signal", Integer.toString(first.number())));
      signal(container, first);
      if (container.state() instanceof ContainerState.Paused) {
        resume(container);
      }
      if (patience < 0) {
        end.join();
      } else if (!within(end, Duration.ofSeconds(patience))) {
        events.tell("kill", container, Map.of("signal", Integer.toString(Signal.KILL.number())));
        signal(container, Signal.KILL);
        requireEnd(container, end);
      }
      events.tell("stop", cell.now());
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

  /** Frozen processes take most signals only when they are thawed; some end before. */
  private void resume(Container container) {
    try {
      runtime.resume(bundle(container));
    } catch (Fault e) {
      LOG.debug("container {} needed no thawing: {}", container.id(), e.getMessage());
    }
  }

  private static boolean within(CompletableFuture<Integer> end, Duration limit) {
    try {
      end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException still) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the wait for a container's end was given up");
    } catch (ExecutionException e) {
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
    cell.setRestarting(true);
    try {
      stop(cell, signal, seconds);
    } catch (Fault.NotModified stopped) {
      LOG.debug("restart: {}", stopped.getMessage());
    } catch (RuntimeException e) {
      cell.setRestarting(false);
      throw e;
    }
    lifecycle.start(cell);
    events.tell("restart", cell.now());
  }

  void kill(Cell cell, Signal signal) {
    Container container = Lifecycle.requireAlive(cell);
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
    runtime.signal(bundle(container), signal);
    if (signal.equals(Signal.KILL) && container.state() instanceof ContainerState.Paused) {
      resume(container);
    }
    events.tell("kill", container, Map.of("signal", Integer.toString(signal.number())));
  }

  void pause(Cell cell) {
    cell.lock.lock();
    try {
      Container container = Lifecycle.requireAlive(cell);
      if (!(container.state() instanceof ContainerState.Running running)) {
        throw new Fault.Conflict("Container " + container.id() + " is already paused");
      }
      runtime.pause(bundle(container));
      table.save(
          cell, container.with(new ContainerState.Paused(running.pid(), running.startedAt())));
      lifecycle.paused(container.id());
    } finally {
      cell.lock.unlock();
    }
    events.tell("pause", cell.now());
  }

  void unpause(Cell cell) {
    cell.lock.lock();
    try {
      Container container = Lifecycle.requireAlive(cell);
      if (!(container.state() instanceof ContainerState.Paused paused)) {
        throw new Fault.Conflict("Container " + container.id() + " is not paused");
      }
      runtime.resume(bundle(container));
      table.save(
          cell, container.with(new ContainerState.Running(paused.pid(), paused.startedAt())));
      lifecycle.resumed(container.id());
    } finally {
      cell.lock.unlock();
    }
    events.tell("unpause", cell.now());
  }

  void remove(Cell cell, boolean force, boolean withVolumes) {
    Container container = cell.now();
    boolean restarting = container.state() instanceof ContainerState.Restarting;
    if ((container.state().isAlive() || restarting) && !force) {
      boolean paused = container.state() instanceof ContainerState.Paused;
      throw new Fault.Conflict(
          "cannot remove container \"/"
              + container.name()
              + "\": container is "
              + container.state().word()
              + ": "
              + (paused ? "unpause and then " : "")
              + "stop the container before removing or force remove");
    }
    // one that its restart policy starts in between is ended again
    for (int i = 0; i < REMOVAL_KILLS && force && cell.now().state().isAlive(); i++) {
      killForRemoval(cell);
      cell.cleared().join();
    }
    cell.cleared().join();
    lifecycle.takeAway(cell, withVolumes);
  }

  private void killForRemoval(Cell cell) {
    CompletableFuture<Integer> end = cell.nextExit();
    try {
      killUnlessEnded(cell);
      // that it ended by itself may not be recorded yet
      if (cell.now().state().isAlive()) {
        requireEnd(cell.now(), end);
      }
    } finally {
      cell.forget(end);
    }
  }

  private void killUnlessEnded(Cell cell) {
    try {
      kill(cell, Signal.KILL);
    } catch (Fault.Conflict ended) {
      LOG.debug("container {} ended by itself: {}", cell.now().id(), ended.getMessage());
    }
  }
}
