package dev.kemas.network;

import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.linux.Sysctl;
import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.LinkSettings;
import dev.kemas.netlink.Route;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes namespaces, plugs them into bridges, and sets what is inside: addresses and routes. */
final class SandboxWire {
  private static final String BRIDGE_FILTER = "net/bridge/bridge-nf-call-iptables";
  private static final String IPV6_OFF = "net/ipv6/conf/%s/disable_ipv6";

  private final HostKernel kernel;

  SandboxWire(HostKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * A namespace held open with a link socket in it.
   *
   * @param name of its file
   */
  record Inside(String name, NetworkNamespace namespace, Rtnetlink links) implements AutoCloseable {
    @Override
    public void close() {
      links.close();
      namespace.close();
    }

    int index(String interfaceName) {
      return links
          .link(interfaceName)
          .map(LinkInfo::index)
          .orElseThrow(() ->
              new Fault.NotFound(
                  "link", interfaceName, "no " + interfaceName + " in namespace " + name));
    }
  }

  /** Makes a namespace with a working loopback link. */
  Inside make(String name) {
    return kernel.createNamespace(
        name,
        namespace -> {
          // without an IPv6 network a container has no IPv6 but on its loopback link, as in Docker
          String parameter = IPV6_OFF.formatted("default");
          if (Sysctl.read(parameter).isPresent()) {
            Sysctl.write(parameter, "1");
          }
          Rtnetlink links = Rtnetlink.open();
          try {
            links.execute(new LinkRequest.ChangeNamed("lo", LinkSettings.NONE.asUp()));
            return new Inside(name, namespace, links);
          } catch (RuntimeException e) {
            links.close();
            throw e;
          }
        });
  }

  Inside open(String name) {
    NetworkNamespace namespace = kernel.openNamespace(name);
    try {
      return new Inside(name, namespace, Rtnetlink.open(namespace));
    } catch (RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  /** Makes a pair of links between a bridge and a namespace, both ends switched on. */
  int plug(Inside inside, StoredEndpoint endpoint, NetworkCatalog.Known known) {
    String hostLink = endpoint.hostLink();
    String interfaceName = endpoint.interfaceName();
    long mac = endpoint.mac().map(MacAddress::bits).orElse(0L);
    int mtu = known.network().mtu();
    kernel.change(
        new LinkRequest.AddVeth(
            LinkSettings.named(hostLink).withMaster(known.bridge()).withMtu(mtu).asUp(),
            LinkSettings.named(interfaceName).withMac(mac).withMtu(mtu),
            inside.namespace().descriptor()));
    int index = inside.index(interfaceName);
    kernel.step("switch on " + interfaceName + " in " + inside.name());
    inside.links().execute(new LinkRequest.Change(index, LinkSettings.NONE.asUp()));
    separate(hostLink, known);
    return index;
  }

  /**
   * Where frames within a bridge do not pass the rules, the bridge itself keeps the containers
   * apart of a network that wants it so.
   */
  private void separate(String hostLink, NetworkCatalog.Known known) {
    if (!known.option(NetworkPlanner.OPTION_ICC)
        && !kernel.readParameter(BRIDGE_FILTER).equals(Optional.of("1"))) {
      kernel
          .link(hostLink)
          .ifPresent(link -> kernel.change(LinkRequest.BridgePort.isolated(link.index())));
    }
  }

  /** Sets the addresses of a link that is plugged in, and its hardware address. */
  void address(Inside inside, int index, StoredEndpoint endpoint, NetworkCatalog.Known known) {
    inside.links().execute(addressing(inside, index, endpoint, known));
  }

  /** The same with the way out in one batch. */
  void addressAndRoute(
      Inside inside, int index, StoredEndpoint endpoint, NetworkCatalog.Known known) {
    List<LinkRequest> batch = addressing(inside, index, endpoint, known);
    gateways(endpoint, known).forEach(g -> batch.add(route(g, index)));
    inside.links().execute(batch);
  }

  private List<LinkRequest> addressing(
      Inside inside, int index, StoredEndpoint endpoint, NetworkCatalog.Known known) {
    kernel.step("address " + endpoint.interfaceName() + " in " + inside.name());
    List<LinkRequest> batch = new ArrayList<>();
    endpoint
        .mac()
        .ifPresent(mac ->
            batch.add(new LinkRequest.Change(index, LinkSettings.NONE.withMac(mac.bits()).asUp())));
    for (InetAddress address : endpoint.addresses()) {
      if (address.getAddress().length == 16) {
        String parameter = IPV6_OFF.formatted(endpoint.interfaceName());
        inside.namespace().run(() -> Sysctl.write(parameter, "0"));
      }
      batch.add(
          new LinkRequest.AddAddress(new LinkAddress(index, address, prefix(address, known))));
    }
    return batch;
  }

  private static int prefix(InetAddress address, NetworkCatalog.Known known) {
    return known.network().ipam().stream()
        .map(Network.Range::subnet)
        .filter(s -> s.contains(address))
        .mapToInt(Subnet::prefixLength)
        .findFirst()
        .orElse(address.getAddress().length * 8);
  }

  /** The next hops of an endpoint: none in an internal network. */
  static List<InetAddress> gateways(StoredEndpoint endpoint, NetworkCatalog.Known known) {
    if (known.network().internal()) {
      return List.of();
    }
    return endpoint.addresses().stream()
        .flatMap(a ->
            known.network().ipam().stream()
                .filter(r -> r.subnet().contains(a))
                .map(Network.Range::gateway))
        .toList();
  }

  private static LinkRequest route(InetAddress gateway, int index) {
    return new LinkRequest.SetRoute(Route.byDefault(gateway, index));
  }

  /** Gives a link that is plugged in another hardware address. */
  void rename(Inside inside, StoredEndpoint endpoint, MacAddress mac) {
    kernel.step("hardware address in " + inside.name());
    inside
        .links()
        .execute(
            new LinkRequest.ChangeNamed(
                endpoint.interfaceName(), LinkSettings.NONE.withMac(mac.bits())));
  }

  /**
   * Lets the way out be by this endpoint, or none at all.
   *
   * @return whether it was otherwise before
   */
  boolean wayOut(Inside inside, Optional<StoredEndpoint> endpoint, NetworkCatalog catalog) {
    List<Route> wanted = new ArrayList<>();
    endpoint.ifPresent(e -> {
      int index = inside.index(e.interfaceName());
      catalog
          .byId(e.network())
          .ifPresent(k -> gateways(e, k).forEach(g -> wanted.add(Route.byDefault(g, index))));
    });
    List<Route> present =
        inside.links().routes().stream().filter(r -> r.destination().isEmpty()).toList();
    List<LinkRequest> batch = new ArrayList<>();
    // away first: a route of IPv6 is added beside another one, not in its place
    present.stream()
        .filter(r -> !wanted.contains(r))
        .forEach(r -> batch.add(new LinkRequest.DeleteRoute(r)));
    wanted.stream()
        .filter(r -> !present.contains(r))
        .forEach(r -> batch.add(new LinkRequest.SetRoute(r)));
    if (batch.isEmpty()) {
      return false;
    }
    kernel.step("route in " + inside.name());
    inside.links().execute(batch);
    return true;
  }

  /**
   * Makes a recorded connection whole again.
   *
   * @param hostLink the host's end, if it is there
   * @return whether anything was missing
   */
  boolean mend(
      Inside inside,
      StoredEndpoint endpoint,
      NetworkCatalog.Known known,
      Optional<LinkInfo> hostLink) {
    boolean whole =
        hostLink.isPresent() && inside.links().link(endpoint.interfaceName()).isPresent();
    if (!whole) {
      if (hostLink.isPresent()) {
        kernel.change(new LinkRequest.Delete(endpoint.hostLink())); // led somewhere else
      }
      int index = plug(inside, endpoint, known);
      address(inside, index, endpoint, known);
      return true;
    }
    boolean changed = false;
    LinkInfo outer = hostLink.get();
    if (outer.master() != known.bridge() || !outer.up()) {
      kernel.change(
          new LinkRequest.Change(
              outer.index(), LinkSettings.NONE.withMaster(known.bridge()).asUp()));
      changed = true;
    }
    int index = inside.index(endpoint.interfaceName());
    List<InetAddress> present =
        inside.links().addresses().stream()
            .filter(a -> a.link() == index)
            .map(LinkAddress::address)
            .toList();
    if (!present.containsAll(endpoint.addresses())) {
      address(inside, index, endpoint, known);
      changed = true;
    }
    return changed;
  }
}
