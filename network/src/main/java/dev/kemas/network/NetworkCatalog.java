package dev.kemas.network;

import dev.kemas.address.AddressSpace;
import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.LinkSettings;
import dev.kemas.netlink.Route;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of one instance with their bridges and addresses. Changes are made by one caller at
 * a time ({@link SandboxBook} holds the lock); reading needs none.
 */
final class NetworkCatalog {
  /** Longer prefixes only: 0.0.0.0/1 and the like are a VPN's way to be the default route. */
  private static final int SHORTEST_PREFIX = 4;

  private static final int USUAL_MTU = 1500;
  private static final Logger LOG = LoggerFactory.getLogger(NetworkCatalog.class);

  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final RuleTable rules;
  private final Forwarding forwarding;
  private final Map<String, Known> networks = new ConcurrentHashMap<>();

  /** A network with what is in use of it. */
  static final class Known {
    private final Network network;
    private final List<AddressSpace> spaces;
    private volatile int bridge;

    Known(Network network) {
      this.network = network;
      this.spaces = network.ipam().stream().map(Known::space).toList();
    }

    private static AddressSpace space(Network.Range configured) {
      List<InetAddress> reserved = new ArrayList<>(configured.reserved().values());
      reserved.add(configured.gateway());
      return new AddressSpace(
          configured.subnet(), configured.range().orElse(configured.subnet()), reserved);
    }

    Network network() {
      return network;
    }

    /** IPv4 first. */
    List<AddressSpace> spaces() {
      return spaces;
    }

    /** The index of its link; 0 before reconciliation, and for host and none. */
    int bridge() {
      return bridge;
    }

    boolean wired() {
      return network.driver().equals("bridge");
    }

    void free(List<InetAddress> addresses) {
      addresses.forEach(
          a -> spaces.stream().filter(s -> s.subnet().contains(a)).forEach(s -> s.free(a)));
    }

    /** Takes those that nobody has; which they were. */
    List<InetAddress> takeFree(List<InetAddress> addresses) {
      List<InetAddress> taken = new ArrayList<>();
      for (InetAddress address : addresses) {
        try {
          spaces.stream().filter(s -> s.subnet().contains(address)).forEach(s -> s.take(address));
          taken.add(address);
        } catch (Fault.Conflict e) {
          LOG.warn("a recorded address has another owner: {}", e.getMessage());
        }
      }
      return taken;
    }

    boolean option(String key) {
      return !"false".equals(network.options().get(key));
    }

    RuleTable.Bridge rule() {
      return new RuleTable.Bridge(
          network.bridge(),
          network.ipam().stream().map(Network.Range::subnet).toList(),
          network.internal(),
          option(NetworkPlanner.OPTION_ICC),
          option(NetworkPlanner.OPTION_MASQUERADE));
    }
  }

  NetworkCatalog(
      NetworkSettings settings, HostKernel kernel, RuleTable rules, Forwarding forwarding) {
    this.settings = settings;
    this.kernel = kernel;
    this.rules = rules;
    this.forwarding = forwarding;
  }

  /** Takes a recorded network in. */
  void load(Network network) {
    networks.put(network.id(), new Known(network));
  }

  List<Known> all() {
    return List.copyOf(networks.values());
  }

  Optional<Known> byId(String id) {
    return Optional.ofNullable(networks.get(id));
  }

  Optional<Known> byName(String name) {
    return networks.values().stream().filter(k -> k.network.name().equals(name)).findFirst();
  }

  /** By name, id or unique start of an id. */
  Known get(String reference) {
    Optional<Known> exact = byName(reference).or(() -> byId(reference));
    if (exact.isPresent()) {
      return exact.get();
    }
    List<Known> matches =
        reference.isEmpty()
            ? List.of()
            : networks.values().stream().filter(k -> k.network.id().startsWith(reference)).toList();
    if (matches.size() > 1) {
      throw new Fault.InvalidArgument(
          "network %s is ambiguous (%d matches found based on ID prefix)"
              .formatted(reference, matches.size()));
    }
    if (matches.isEmpty()) {
      throw new Fault.NotFound("network", reference, "network " + reference + " not found");
    }
    return matches.getFirst();
  }

  List<Network> list() {
    return networks.values().stream()
        .map(Known::network)
        .sorted(Comparator.comparing(Network::name))
        .toList();
  }

  Network create(NetworkSpec spec) {
    Network network = planner().plan(spec, Instant.now(), mine(), hostSubnets());
    if (byName(network.name()).isPresent()) {
      throw new Fault.Conflict("network with name " + network.name() + " already exists");
    }
    if (kernel.link(network.bridge()).isPresent()) {
      throw new Fault.Conflict(
          "a link named "
              + network.bridge()
              + " exists already; choose another "
              + NetworkPlanner.OPTION_NAME);
    }
    Known known = new Known(network);
    networks.put(network.id(), known);
    try {
      kernel.put(StoredNetwork.write(network));
      if (network.ipv6()) {
        forwarding.ipv6().forEach(line -> LOG.info("network {}: {}", network.name(), line));
      }
      makeBridge(known);
      rules.add(known.rule());
      return network;
    } catch (RuntimeException | Error e) {
      Undo.after(e)
          .with(() -> rules.removeBridge(network.bridge()))
          .with(() -> removeLink(network.bridge()))
          .with(() -> kernel.delete(StoredNetwork.KIND, network.id()))
          .with(() -> networks.remove(network.id()));
      throw e;
    }
  }

  /** Makes the predefined networks that are not recorded, and replaces an outdated default one. */
  void makePredefined(boolean defaultInUse) {
    for (String name : List.of(Network.HOST, Network.NONE)) {
      if (byName(name).isEmpty()) {
        Network network = NetworkPlanner.planWithoutLink(name, Instant.now());
        kernel.put(StoredNetwork.write(network));
        load(network);
      }
    }
    Optional<Known> recorded = byName(Network.BRIDGE);
    if (recorded.isPresent() && !defaultInUse && outdated(recorded.get().network)) {
      forget(recorded.get());
      recorded = Optional.empty();
    }
    if (recorded.isEmpty() && settings.defaultBridge()) {
      Network network = planner().planDefault(Instant.now(), mine(), hostSubnets());
      kernel.put(StoredNetwork.write(network));
      load(network);
    }
  }

  /** Whether the settings ask for something else than the default network that is recorded. */
  private boolean outdated(Network now) {
    Network.Range range = now.ipam().getFirst();
    NetworkSettings.GatewayInSubnet recorded =
        new NetworkSettings.GatewayInSubnet(range.gateway(), range.subnet());
    boolean sameSubnet = settings.bip().map(recorded::equals).orElse(true);
    boolean sameMtu = settings.mtu() == 0 || settings.mtu() == now.mtu();
    boolean sameIcc =
        String.valueOf(settings.interContainer())
            .equals(now.options().get(NetworkPlanner.OPTION_ICC));
    boolean sameBind =
        Subnet.text(settings.bindAddress()).equals(now.options().get(NetworkPlanner.OPTION_BIND));
    boolean sameLink = now.bridge().equals(settings.bridgeName());
    return !settings.defaultBridge() || !(sameSubnet && sameMtu && sameIcc && sameBind && sameLink);
  }

  /** Removes a network that has no endpoints. */
  void forget(Known known) {
    if (known.wired()) {
      rules.removeBridge(known.network.bridge());
      removeLink(known.network.bridge());
    }
    kernel.delete(StoredNetwork.KIND, known.network.id());
    networks.remove(known.network.id());
  }

  /** Takes all bridges out of the kernel; the records stay. */
  void withdraw() {
    for (Known known : all()) {
      if (known.wired()) {
        removeLink(known.network.bridge());
      }
    }
  }

  private void removeLink(String name) {
    if (kernel.link(name).isPresent()) {
      kernel.change(new LinkRequest.Delete(name));
    }
  }

  /**
   * Makes a network's bridge, or mends it.
   *
   * @return what was not as it should be; empty when all was
   */
  Optional<String> ensureBridge(Known known, List<LinkInfo> links, List<LinkAddress> addresses) {
    Network network = known.network;
    Optional<LinkInfo> link =
        links.stream().filter(l -> l.name().equals(network.bridge())).findFirst();
    if (link.isEmpty()) {
      makeBridge(known);
      return Optional.of("made the bridge " + network.bridge());
    }
    known.bridge = link.get().index();
    List<LinkRequest> changes = new ArrayList<>();
    if (!link.get().up()) {
      changes.add(new LinkRequest.Change(known.bridge, LinkSettings.NONE.asUp()));
    }
    for (Network.Range range : network.ipam()) {
      LinkAddress own =
          new LinkAddress(known.bridge, range.gateway(), range.subnet().prefixLength());
      if (!addresses.contains(own)) {
        changes.add(new LinkRequest.AddAddress(own));
      }
    }
    if (!changes.isEmpty()) {
      kernel.change(changes);
    }
    setParameters(known);
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of("mended the bridge " + network.bridge());
  }

  private void makeBridge(Known known) {
    Network network = known.network;
    Network.Range first = network.ipam().getFirst();
    LinkSettings link =
        LinkSettings.named(network.bridge())
            .withMac(MacAddress.of((java.net.Inet4Address) first.gateway()).bits())
            .withMtu(network.mtu())
            .asUp();
    kernel.change(new LinkRequest.AddBridge(link));
    known.bridge =
        kernel
            .link(network.bridge())
            .map(LinkInfo::index)
            .orElseThrow(() -> new Fault.Unavailable(network.bridge() + " vanished"));
    // lets 127/8 be routed to it; nobody is on it before the rules know it (RuleTable, early)
    setParameters(known);
    List<LinkRequest> addresses = new ArrayList<>();
    for (Network.Range range : network.ipam()) {
      addresses.add(
          new LinkRequest.AddAddress(
              new LinkAddress(known.bridge, range.gateway(), range.subnet().prefixLength())));
    }
    kernel.change(addresses);
  }

  private void setParameters(Known known) {
    String bridge = known.network.bridge();
    String localnet = "net/ipv4/conf/" + bridge + "/route_localnet";
    if (!known.network.internal() && !kernel.readParameter(localnet).equals(Optional.of("1"))) {
      kernel.writeParameter(localnet, "1");
    }
    String off = "net/ipv6/conf/" + bridge + "/disable_ipv6";
    String wanted = known.network.ipv6() ? "0" : "1";
    Optional<String> now = kernel.readParameter(off);
    if (now.isPresent() && !now.get().equals(wanted)) {
      kernel.writeParameter(off, wanted);
    }
  }

  private List<Subnet> mine() {
    return networks.values().stream()
        .flatMap(k -> k.network.ipam().stream())
        .map(Network.Range::subnet)
        .toList();
  }

  /** What the host reaches by links and routes. */
  List<Subnet> hostSubnets() {
    List<Subnet> used = new ArrayList<>();
    for (LinkAddress address : kernel.addresses()) {
      used.add(new Subnet(address.address(), address.prefixLength()));
    }
    for (Route route : kernel.routes()) {
      route
          .destination()
          .filter(d -> route.prefixLength() >= SHORTEST_PREFIX)
          .ifPresent(d -> used.add(new Subnet(d, route.prefixLength())));
    }
    return used;
  }

  private NetworkPlanner planner() {
    return new NetworkPlanner(settings, hostMtu());
  }

  /** That of the host's way out, but not more than usual: so nothing has to be split on its way. */
  private int hostMtu() {
    List<LinkInfo> links = kernel.links();
    return kernel.routes().stream()
        .filter(r -> r.destination().isEmpty() && !r.ipv6())
        .flatMap(r -> links.stream().filter(l -> l.index() == r.link()))
        .mapToInt(LinkInfo::mtu)
        .filter(mtu -> mtu > 0)
        .min()
        .stream()
        .map(mtu -> Math.min(mtu, USUAL_MTU))
        .findFirst()
        .orElse(USUAL_MTU);
  }
}
