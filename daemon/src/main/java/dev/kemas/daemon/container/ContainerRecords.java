package dev.kemas.daemon.container;

import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ContainerSummary;
import dev.kemas.api.EndpointSettings;
import dev.kemas.api.MountPoint;
import dev.kemas.api.Timestamps;
import dev.kemas.container.HostConfig.PortBinding;
import dev.kemas.daemon.network.NetworkRecords;
import dev.kemas.engine.Container;
import dev.kemas.engine.ContainerState;
import dev.kemas.engine.Health;
import dev.kemas.network.Endpoint;
import dev.kemas.network.PublishedPort;
import dev.kemas.network.Sandbox;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From the engine's records of containers to the API's. */
final class ContainerRecords {
  private ContainerRecords() {}

  /**
   * Bytes of a container's file system.
   *
   * @param written what it wrote
   * @param all with its image
   */
  record Size(OptionalLong written, OptionalLong all) {
    static final Size UNASKED = new Size(OptionalLong.empty(), OptionalLong.empty());
  }

  /** What the engine knows of a container beside its record. */
  record Around(Optional<Sandbox> sandbox, Optional<Health> health, List<String> execs) {}

  static ContainerSummary summary(Container c, Around around, Size size, Instant now) {
    return new ContainerSummary(
        c.id(),
        List.of("/" + c.name()),
        c.config().image(),
        c.image().toString(),
        command(c.command()),
        c.created().getEpochSecond(),
        ports(c, around.sandbox()),
        size.written(),
        size.all(),
        c.config().labels(),
        c.state().word(),
        StatusText.of(c.state(), around.health().map(Health::status), now),
        new ContainerSummary.HostPart(networkMode(c)),
        new ContainerSummary.NetworkPart(networks(c, around.sandbox())),
        mounts(c));
  }

  /** As a shell shows it: words with blanks in quotes. */
  private static String command(List<String> words) {
    return words.stream()
        .map(word -> word.isEmpty() || word.contains(" ") ? "'" + word + "'" : word)
        .collect(Collectors.joining(" "));
  }

  static ContainerInspect inspect(Container c, Around around, Size size, Path folder) {
    SortedMap<String, String> driver = new TreeMap<>(Map.of("MergedDir", folder + "/rootfs"));
    List<String> command = c.command();
    return new ContainerInspect(
        c.id(),
        Timestamps.nano(c.created()),
        command.isEmpty() ? "" : command.getFirst(),
        command.isEmpty() ? List.of() : command.subList(1, command.size()),
        state(c.state(), around.health()),
        c.image().toString(),
        folder.resolve("resolv.conf").toString(),
        folder.resolve("hostname").toString(),
        folder.resolve("hosts").toString(),
        folder.resolve("log").toString(),
        "/" + c.name(),
        c.restarts(),
        "overlay2",
        "linux",
        "",
        "",
        "",
        around.execs(),
        c.host(),
        new ContainerInspect.GraphDriver("overlay2", driver),
        size.written(),
        size.all(),
        mounts(c),
        c.config(),
        networkSettings(c, around.sandbox()));
  }

  private static ContainerInspect.State state(ContainerState state, Optional<Health> health) {
    boolean oomKilled = false;
    String error = "";
    switch (state) {
      case ContainerState.Exited exited -> {
        oomKilled = exited.oomKilled();
        error = exited.error();
      }
      case ContainerState.Created created -> error = created.error();
      case ContainerState.Running _,
          ContainerState.Paused _,
          ContainerState.Restarting _,
          ContainerState.Removing _ -> {}
    }
    return new ContainerInspect.State(
        state.word(),
        state.isAlive() || state instanceof ContainerState.Restarting,
        state instanceof ContainerState.Paused,
        state instanceof ContainerState.Restarting,
        oomKilled,
        false,
        state.processId(),
        state.lastExitCode(),
        error,
        Timestamps.nanoOrNever(state.started()),
        Timestamps.nanoOrNever(state.finished()),
        health.map(ContainerRecords::health));
  }

  private static ContainerInspect.Health health(Health health) {
    return new ContainerInspect.Health(
        health.status(),
        health.failingStreak(),
        health.log().stream()
            .map(probe ->
                new ContainerInspect.Check(
                    Timestamps.nano(probe.start()),
                    Timestamps.nano(probe.end()),
                    probe.exitCode(),
                    probe.output()))
            .toList());
  }

  static List<MountPoint> mounts(Container c) {
    return c.mounts().stream()
        .map(m ->
            new MountPoint(
                m.kind().word(),
                Optional.of(m.name()).filter(name -> !name.isEmpty()),
                m.source(),
                m.destination(),
                Optional.of(m.driver()).filter(driver -> !driver.isEmpty()),
                m.mode(),
                m.writable(),
                m.propagation()))
        .toList();
  }

  /** Empty and {@code default} both mean the default network. */
  static String networkMode(Container c) {
    String mode = c.host().networkMode();
    return mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
  }

  /** Its networks: as they are while it runs, else those that it will have. */
  static SortedMap<String, EndpointSettings> networks(Container c, Optional<Sandbox> sandbox) {
    SortedMap<String, EndpointSettings> networks = new TreeMap<>();
    if (!networkMode(c).startsWith("container:")) {
      networks.put(networkMode(c), NetworkRecords.down());
    }
    c.networking().endpoints().keySet().forEach(n -> networks.put(n, NetworkRecords.down()));
    if (sandbox.isPresent()) {
      networks.clear();
      for (Endpoint endpoint : sandbox.get().endpoints()) {
        networks.put(endpoint.networkName(), NetworkRecords.endpoint(endpoint));
      }
    }
    return networks;
  }

  private static List<ContainerSummary.PortSummary> ports(Container c, Optional<Sandbox> sandbox) {
    List<ContainerSummary.PortSummary> ports = new ArrayList<>();
    List<PublishedPort> published = sandbox.map(Sandbox::ports).orElse(List.of());
    for (PublishedPort port : published) {
      ports.add(
          new ContainerSummary.PortSummary(
              Optional.of(port.hostAddress().getHostAddress()),
              port.containerPort(),
              OptionalInt.of(port.hostPort()),
              port.protocol().text()));
    }
    if (c.state().isAlive()) {
      for (String exposed : c.config().exposedPorts().keySet()) {
        if (published.stream().noneMatch(p -> key(p).equals(exposed))) {
          String[] parts = exposed.split("/", 2);
          ports.add(
              new ContainerSummary.PortSummary(
                  Optional.empty(),
                  Integer.parseInt(parts[0].split("-", 2)[0]),
                  OptionalInt.empty(),
                  parts.length > 1 ? parts[1] : "tcp"));
        }
      }
    }
    return ports;
  }

  private static String key(PublishedPort port) {
    return port.containerPort() + "/" + port.protocol().text();
  }

  private static ContainerInspect.NetworkSettings networkSettings(
      Container c, Optional<Sandbox> sandbox) {
    SortedMap<String, Optional<List<PortBinding>>> ports = new TreeMap<>();
    if (c.state().isAlive()) {
      c.config().exposedPorts().keySet().forEach(port -> ports.put(port, Optional.empty()));
    }
    for (PublishedPort port : sandbox.map(Sandbox::ports).orElse(List.of())) {
      List<PortBinding> bindings = new ArrayList<>();
      Optional<List<PortBinding>> known = ports.get(key(port));
      if (known != null) {
        known.ifPresent(bindings::addAll);
      }
      bindings.add(
          new PortBinding(port.hostAddress().getHostAddress(), Integer.toString(port.hostPort())));
      ports.put(key(port), Optional.of(List.copyOf(bindings)));
    }
    SortedMap<String, EndpointSettings> networks = networks(c, sandbox);
    // the flat fields are those of the default network, for clients older than networks
    EndpointSettings flat = networks.getOrDefault("bridge", NetworkRecords.down());
    return new ContainerInspect.NetworkSettings(
        "",
        sandbox.map(Sandbox::id).orElse(""),
        sandbox.flatMap(Sandbox::namespace).map(Path::toString).orElse(""),
        ports,
        false,
        "",
        0,
        flat.endpointId(),
        flat.gateway(),
        flat.globalIpv6Address(),
        flat.globalIpv6PrefixLen(),
        flat.ipAddress(),
        flat.ipPrefixLen(),
        flat.ipv6Gateway(),
        flat.macAddress(),
        networks);
  }
}
