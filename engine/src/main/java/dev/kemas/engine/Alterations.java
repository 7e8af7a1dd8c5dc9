package dev.kemas.engine;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.network.ContainerFiles;
import dev.kemas.network.Endpoint;
import dev.kemas.network.EndpointSpec;
import dev.kemas.network.ExtraHost;
import dev.kemas.network.Networks;
import dev.kemas.network.Sandbox;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.spec.SpecBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of a container that leave it in its state: name, limits, networks. */
final class Alterations {
  private static final Logger LOG = LoggerFactory.getLogger(Alterations.class);

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
    policy.ifPresent(NewContainer::requireRestartPolicy);
    cell.lock.lock();
    try {
      Container container = cell.requirePresent();
      HostConfig host = container.host();
      if (host.autoRemove() && policy.map(HostConfig.RestartPolicy::restarts).orElse(false)) {
        throw new Fault.Conflict(
            "Restart policy cannot be updated because AutoRemove is enabled for the container");
      }
      Resources merged = LimitChanges.merge(host.resources(), limits);
      Container changed =
          container.withHost(
              HostConfigs.with(host, merged, host.shmSize(), policy.orElse(host.restartPolicy())));
      if (container.state().isAlive()) {
        updateAlive(cell, container, changed);
      } else {
        table.save(cell, changed);
      }
    } finally {
      cell.lock.unlock();
    }
    events.tell("update", cell.now());
    return List.of();
  }

  /** The record first, which an engine that was killed in between is completed by. */
  private void updateAlive(Cell cell, Container before, Container after) {
    Bundle bundle = folder(after).bundle();
    runtime.beginUpdate(bundle, SpecBuilder.limits(after.host().resources(), settings.host()));
    try {
      table.save(cell, after);
      runtime.update(bundle);
    } catch (Fault refused) {
      table.save(cell, before);
      throw refused;
    } finally {
      runtime.endUpdate(bundle);
    }
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

  /**
   * Brings a running container in line with its record where an engine was killed between the
   * change of the one and of the other: limits, name, networks, whether it is frozen. The cell's
   * lock is held.
   */
  void reconcile(Cell cell) {
    Container container = cell.now();
    boolean frozen = Cgroups.detect().ofProcess(container.state().processId()).isFrozen();
    if (container.state() instanceof ContainerState.Running(int pid, Instant at) && frozen) {
      table.save(cell, container.with(new ContainerState.Paused(pid, at)));
    } else if (container.state() instanceof ContainerState.Paused(int pid, Instant at) && !frozen) {
      table.save(cell, container.with(new ContainerState.Running(pid, at)));
    }
    Bundle bundle = folder(container).bundle();
    if (runtime.isUpdating(bundle)) {
      updateAlive(cell, container, container);
    }
    Optional<Sandbox> sandbox = networks.sandbox(container.id());
    if (sandbox.isPresent()) {
      reconcileNetwork(container, sandbox.get());
    }
  }

  private void reconcileNetwork(Container container, Sandbox sandbox) {
    if (!sandbox.container().name().equals(container.name())) {
      networks.rename(container.id(), container.name());
    }
    Map<String, EndpointSpec> wanted = new TreeMap<>();
    NetworkPlan.of(container)
        .sandbox()
        .ifPresent(s -> s.endpoints().forEach(e -> wanted.put(name(e.network()), e)));
    Map<String, Endpoint> there = new TreeMap<>();
    sandbox.endpoints().forEach(e -> there.put(e.networkName(), e));
    boolean changed = false;
    for (String name : there.keySet()) {
      if (!wanted.containsKey(name)) {
        networks.disconnect(container.id(), name);
        changed = true;
      }
    }
    for (String name : container.networking().endpoints().keySet()) {
      EndpointSpec endpoint = wanted.get(name(name));
      if (endpoint != null && !there.containsKey(name(name))) {
        networks.connect(container.id(), endpoint);
        changed = true;
      }
    }
    if (changed) {
      rewriteFiles(container);
    }
  }

  /** A request may name a network by its id; one that was removed meanwhile is left alone. */
  private String name(String network) {
    String asked = NetworkPlan.mode(network);
    try {
      return networks.get(asked).name();
    } catch (Fault.NotFound gone) {
      LOG.warn("network {} is gone: {}", asked, gone.getMessage());
      return asked;
    }
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
