package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the ports of sandboxes: holds the host's, and lets the rules lead to the container. */
final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final NetworkCatalog catalog;
  private final HostPorts ports;
  private final RuleTable rules;
  private final Background background;

  Publisher(
      NetworkSettings settings,
      HostKernel kernel,
      NetworkCatalog catalog,
      HostPorts ports,
      RuleTable rules,
      Background background) {
    this.settings = settings;
    this.kernel = kernel;
    this.catalog = catalog;
    this.ports = ports;
    this.rules = rules;
    this.background = background;
  }

  /**
   * Holds what is asked for; all or nothing. The way out is needed for its name and its binding.
   */
  List<HostPorts.Held> hold(StoredSandbox sandbox, StoredEndpoint gateway) {
    InetAddress address =
        catalog
            .byId(gateway.network())
            .map(k -> k.network().options().getOrDefault(NetworkPlanner.OPTION_BIND, ""))
            .filter(text -> !text.isEmpty())
            .map(Subnet::parseAddress)
            .orElse(settings.bindAddress());
    List<HostPorts.Held> held = new ArrayList<>();
    try {
      for (PortRequest request : sandbox.ports()) {
        held.add(ports.hold(request, address));
      }
      return held;
    } catch (RuntimeException e) {
      held.forEach(HostPorts.Held::close);
      throw e instanceof Fault.Conflict
          ? new Fault.Conflict(
              "driver failed programming external connectivity on endpoint %s (%s): %s"
                  .formatted(sandbox.container().name(), gateway.id(), e.getMessage()),
              e)
          : e;
    }
  }

  /** Holds what was published before this process began, even if another program has it now. */
  List<HostPorts.Held> holdAgain(StoredSandbox sandbox) {
    List<HostPorts.Held> held = new ArrayList<>();
    for (PublishedPort port : sandbox.published()) {
      try {
        held.add(ports.hold(port));
      } catch (Fault.Conflict e) {
        LOG.warn(
            "port {}/{} of container {} is still forwarded, but another program took it too: {}",
            port.hostPort(),
            port.protocol().text(),
            sandbox.container().name(),
            e.getMessage());
        held.add(ports.holdWithoutSocket(port));
      }
    }
    return held;
  }

  /** Where published ports lead; none without an IPv4 address. */
  static List<RuleTable.Port> rules(List<PublishedPort> published, StoredEndpoint gateway) {
    Optional<InetAddress> target =
        gateway.addresses().stream().filter(a -> a instanceof Inet4Address).findFirst();
    return target
        .map(t -> published.stream().map(p -> new RuleTable.Port(p, t)).toList())
        .orElse(List.of());
  }

  /** Lets the rules lead to the container. */
  void lead(List<RuleTable.Port> to, StoredEndpoint gateway) {
    if (!to.isEmpty()) {
      rules.publish(to);
      hairpin(to, gateway);
      forgetFlows(to);
    }
  }

  /**
   * With bridge-nf-call-iptables a container that calls its own published port is answered by the
   * very bridge port it came from, which that has to allow. Nobody waits for it: every change of a
   * link may queue behind the removal of others.
   */
  void hairpin(List<RuleTable.Port> to, StoredEndpoint gateway) {
    if (!to.isEmpty()) {
      background.soon(() ->
          kernel
              .link(gateway.hostLink())
              .map(LinkInfo::index)
              .ifPresent(index -> kernel.change(LinkRequest.BridgePort.withHairpin(index))));
    }
  }

  /** A UDP flow that goes on would be led to where it went before, even to nobody. */
  private void forgetFlows(List<RuleTable.Port> changed) {
    List<PublishedPort> udp =
        changed.stream()
            .map(RuleTable.Port::published)
            .filter(p -> p.protocol() == PortRequest.Protocol.UDP)
            .toList();
    if (!udp.isEmpty()) {
      background.soon(() -> kernel.forgetUdpFlows(udp));
    }
  }

  void leadNoMore(List<RuleTable.Port> to) {
    rules.unpublish(to);
    forgetFlows(to);
  }
}
