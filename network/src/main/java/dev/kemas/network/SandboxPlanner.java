package dev.kemas.network;

import dev.kemas.address.AddressSpace;
import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import dev.kemas.network.NetworkCatalog.Known;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns the wish for a container's network into a record: checks it, chooses names, takes
 * addresses. Touches nothing but the address spaces.
 */
final class SandboxPlanner {
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
  private static final Pattern INTERFACE = Pattern.compile("[^/\\s:]{1,15}");

  private final NetworkSettings settings;
  private final NetworkCatalog catalog;

  SandboxPlanner(NetworkSettings settings, NetworkCatalog catalog) {
    this.settings = settings;
    this.catalog = catalog;
  }

  /** The networks of a wish, checked against each other. */
  List<Known> networks(SandboxSpec spec) {
    if (!ID.matcher(spec.id()).matches()) {
      throw new Fault.InvalidArgument("invalid sandbox id: " + spec.id());
    }
    List<Known> networks = new ArrayList<>();
    for (EndpointSpec endpoint : spec.endpoints()) {
      Known known = catalog.get(endpoint.network());
      if (networks.contains(known)) {
        throw alreadyThere(spec.container(), known);
      }
      networks.add(known);
    }
    checkTogether(networks);
    return networks;
  }

  static Fault alreadyThere(SandboxSpec.Container container, Known known) {
    return new Fault.Forbidden(
        "endpoint with name %s already exists in network %s"
            .formatted(container.name(), known.network().name()));
  }

  static void checkTogether(List<Known> networks) {
    if (networks.size() > 1) {
      for (Known known : networks) {
        if (!known.wired()) {
          throw new Fault.InvalidArgument(
              known.network().name().equals(Network.HOST)
                  ? "container cannot be connected to multiple networks with one of the networks in"
                      + " host mode"
                  : "container cannot be connected to multiple networks with one of the networks in"
                      + " private (none) mode");
        }
      }
    }
  }

  /** Whether the first link of one of the spares is what this wish begins with. */
  boolean takesSpare(SandboxSpec spec, List<Known> networks) {
    return !networks.isEmpty()
        && networks.getFirst().network().name().equals(Network.BRIDGE)
        && networks.getFirst().wired()
        && isPlain(spec.endpoints().getFirst());
  }

  private static boolean isPlain(EndpointSpec spec) {
    return spec.ipv4().isEmpty()
        && spec.ipv6().isEmpty()
        && (spec.interfaceName().isEmpty() || spec.interfaceName().equals(SparePool.INTERFACE));
  }

  /** The record of a wish; its addresses are taken. */
  StoredSandbox plan(SandboxSpec spec, List<Known> networks, Optional<SparePool.Spare> spare) {
    List<StoredEndpoint> endpoints = new ArrayList<>();
    try {
      for (int i = 0; i < networks.size(); i++) {
        EndpointSpec wish = spec.endpoints().get(i);
        if (i == 0 && spare.isPresent()) {
          endpoints.add(spare.get().endpoint().withWishes(wish));
        } else {
          String link = Ids.link(settings.instance());
          endpoints.add(endpoint(wish, networks.get(i), link, endpoints));
        }
      }
    } catch (RuntimeException e) {
      // a spare's address goes with the spare
      endpoints.stream().skip(spare.isPresent() ? 1 : 0).forEach(this::free);
      throw e;
    }
    boolean host = networks.stream().anyMatch(k -> k.network().name().equals(Network.HOST));
    String namespace = host ? "" : spare.map(s -> s.inside().name()).orElseGet(Ids::namespace);
    return new StoredSandbox(
        spec.id(), spec.container(), namespace, endpoints, spec.ports(), List.of(), spec.dns());
  }

  /** The record of one more connection; its addresses are taken. */
  StoredEndpoint endpoint(
      EndpointSpec spec, Known known, String hostLink, List<StoredEndpoint> others) {
    if (!known.wired()) {
      return new StoredEndpoint(
          Ids.random(),
          known.network().id(),
          "",
          "",
          List.of(),
          Optional.empty(),
          spec.aliases(),
          0);
    }
    String name = interfaceName(spec, others);
    checkFixed(spec, known);
    List<InetAddress> addresses = new ArrayList<>();
    try {
      for (AddressSpace space : known.spaces()) {
        Optional<InetAddress> fixed = space.subnet().isIpv6() ? spec.ipv6() : spec.ipv4();
        if (fixed.isPresent()) {
          space.take(fixed.get());
        }
        addresses.add(fixed.orElseGet(space::take));
      }
    } catch (RuntimeException e) {
      known.free(addresses);
      throw e;
    }
    MacAddress mac = spec.mac().orElseGet(() -> MacAddress.of((Inet4Address) addresses.getFirst()));
    return new StoredEndpoint(
        Ids.random(),
        known.network().id(),
        hostLink,
        name,
        addresses,
        Optional.of(mac),
        spec.aliases(),
        spec.gatewayPriority());
  }

  private static void checkFixed(EndpointSpec spec, Known known) {
    if (spec.ipv4().isEmpty() && spec.ipv6().isEmpty()) {
      return;
    }
    if (!known.network().resolvesNames()) {
      throw new Fault.InvalidArgument(
          "invalid endpoint settings: user specified IP address is supported on user defined"
              + " networks only");
    }
    if (spec.ipv6().isPresent() && !known.network().ipv6()) {
      throw new Fault.InvalidArgument(
          "invalid endpoint settings: network "
              + known.network().name()
              + " has no IPv6; no address "
              + Subnet.text(spec.ipv6().get()));
    }
  }

  private static String interfaceName(EndpointSpec spec, List<StoredEndpoint> others) {
    Set<String> used = new HashSet<>();
    others.forEach(e -> used.add(e.interfaceName()));
    if (!spec.interfaceName().isEmpty()) {
      if (!INTERFACE.matcher(spec.interfaceName()).matches() || !used.add(spec.interfaceName())) {
        throw new Fault.InvalidArgument("invalid interface name: " + spec.interfaceName());
      }
      return spec.interfaceName();
    }
    int number = 0;
    while (used.contains("eth" + number)) {
      number++;
    }
    return "eth" + number;
  }

  void free(StoredEndpoint endpoint) {
    catalog.byId(endpoint.network()).ifPresent(known -> known.free(endpoint.addresses()));
  }

  /** The connection that is the way out; empty: there is none. */
  Optional<StoredEndpoint> gateway(StoredSandbox sandbox) {
    return sandbox.endpoints().stream()
        .filter(e -> e.wired() && isOpen(e))
        .min(
            Comparator.comparingInt((StoredEndpoint e) -> -e.gatewayPriority())
                .thenComparing(this::networkName));
  }

  private boolean isOpen(StoredEndpoint endpoint) {
    return catalog.byId(endpoint.network()).filter(k -> !k.network().internal()).isPresent();
  }

  private String networkName(StoredEndpoint endpoint) {
    return catalog.byId(endpoint.network()).map(k -> k.network().name()).orElse("");
  }

  /** What others see of a record. */
  Sandbox view(StoredSandbox stored, java.nio.file.Path namespaces) {
    Optional<StoredEndpoint> gateway = gateway(stored);
    List<Endpoint> endpoints = new ArrayList<>();
    for (StoredEndpoint e : stored.endpoints()) {
      catalog
          .byId(e.network())
          .ifPresent(known ->
              endpoints.add(view(stored, e, known, gateway.filter(e::equals).isPresent())));
    }
    return new Sandbox(
        stored.id(),
        stored.container(),
        stored.namespace().isEmpty()
            ? Optional.empty()
            : Optional.of(namespaces.resolve(stored.namespace())),
        endpoints,
        stored.published(),
        stored.dns());
  }

  private static Endpoint view(
      StoredSandbox stored, StoredEndpoint e, Known known, boolean isGateway) {
    Network network = known.network();
    List<Endpoint.Address> addresses = new ArrayList<>();
    for (InetAddress a : e.addresses()) {
      for (Network.Range range : network.ipam()) {
        if (range.subnet().contains(a)) {
          addresses.add(
              new Endpoint.Address(
                  a,
                  range.subnet().prefixLength(),
                  network.internal() ? Optional.empty() : Optional.of(range.gateway())));
        }
      }
    }
    return new Endpoint(
        e.id(),
        network.id(),
        network.name(),
        e.interfaceName(),
        addresses,
        e.mac(),
        e.aliases(),
        network.resolvesNames() ? NameTables.names(stored.container(), e.aliases()) : List.of(),
        e.gatewayPriority(),
        isGateway);
  }
}
