package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.LogReader;
import java.util.concurrent.CompletableFuture;

/** A container's bytes: attached clients, kept output, the size of its terminal. */
final class Streams {
  private final EngineSettings settings;
  private final ContainerTable table;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;

  Streams(
      EngineSettings settings,
      ContainerTable table,
      ContainerRuntime runtime,
      ContainerEvents events) {
    this.settings = settings;
    this.table = table;
    this.runtime = runtime;
    this.events = events;
  }

  CompletableFuture<Attachment> attach(String reference) {
    Cell cell = table.get(reference);
    CompletableFuture<Attachment> attachment;
    cell.lock.lock();
    try {
      Container container = cell.now();
      attachment =
          switch (container.state()) {
            case ContainerState.Running r -> connect(container);
            case ContainerState.Paused p ->
                throw new Fault.Conflict(
                    "container " + reference + " is paused, unpause the container before attach");
            case ContainerState.Created c -> cell.attachAtStart();
            case ContainerState.Exited e -> cell.attachAtStart();
            case ContainerState.Restarting r -> cell.attachAtStart();
            case ContainerState.Removing r ->
                throw new Fault.Conflict("container " + reference + " is being removed");
          };
    } finally {
      cell.lock.unlock();
    }
    events.tell("attach", cell.now());
    return attachment;
  }

  private CompletableFuture<Attachment> connect(Container container) {
    return CompletableFuture.completedFuture(runtime.attach(folder(container).bundle()));
  }

  LogReader logs(String reference) {
    Container container = table.get(reference).now();
    if (container.host().logConfig().type().equals(LogOptions.NONE)) {
      throw new Fault.Unsupported("configured logging driver does not support reading");
    }
    return runtime.logs(folder(container).bundle());
  }

  void resize(String reference, int height, int width) {
    Container container = table.get(reference).now();
    if (!container.state().isAlive()) {
      throw new Fault.Conflict("container " + container.id() + " is not running");
    }
    runtime.resize(folder(container).bundle(), height, width);
  }

  private ContainerFolder folder(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id());
  }
}
