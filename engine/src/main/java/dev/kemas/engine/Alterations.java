package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.network.ContainerFiles;
import dev.kemas.network.EndpointSpec;
import dev.kemas.network.ExtraHost;
import dev.kemas.network.Networks;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.spec.SpecBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Changes of a container that leave it in its state: name, limits, networks. */
final class Alterations {
  private final EngineSettings settings;
  private final ContainerTable table;
  private final Networks networks;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;

  Alterations(
      EngineSettings settings,
      ContainerTable table,
      Networks networks,
      ContainerRuntime runtime,
      ContainerEvents events) {
    this.settings = settings;
    this.table = table;
    this.networks = networks;
    this.runtime = runtime;
    this.events = events;
  }

  private ContainerFolder folder(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id());
  }

  void rename(Cell cell, String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    NewContainer.requireName(bare);
    String before;
    cell.lock.lock();
    try {
      before = cell.requirePresent().name();
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
    events.tell("rename", cell.now(), Map.of("oldName", "/" + before));
  }

  List<String> update(Cell cell, Resources limits, Optional<HostConfig.RestartPolicy> policy) {
    NewContainer.requireResources(limits, Runtime.getRuntime().availableProcessors());
    cell.lock.lock();
    try {
      Container container = cell.requirePresent();
      HostConfig host = container.host();
      Resources merged = LimitChanges.merge(host.resources(), limits);
      if (container.state().isAlive()) {
        runtime.update(folder(container).bundle(), SpecBuilder.limits(merged, settings.host()));
      }
      table.save(
          cell,
          container.withHost(
              HostConfigs.with(host, merged, host.shmSize(), policy.orElse(host.restartPolicy()))));
    } finally {
      cell.lock.unlock();
    }
    events.tell("update", cell.now());
    return List.of();
  }

  void connect(Cell cell, String network, NetworkingConfig.EndpointRequest asked) {
    String name = networks.get(network).name();
    cell.lock.lock();
    try {
      Container container = cell.requirePresent();
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
      Container container = cell.requirePresent();
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
    events
        .events()
        .tell(
            "network",
            action,
            networks.get(network).id(),
            Map.of("container", container.id(), "name", network, "type", "bridge"));
  }
}
