package dev.kemas.netlink;

import dev.kemas.linux.Descriptor;
import dev.kemas.linux.NetworkNamespace;
import java.net.InetAddress;
import java.util.Optional;

/**
 * One change to links, addresses, routes or neighbours, for {@link Rtnetlink#execute}. Links are
 * named by index; where a name is taken too, an index of 0 means that the name counts (the kernel
 * looks it up, rtnetlink(7)).
 */
public sealed interface LinkRequest {
  /** Makes a bridge. */
  record AddBridge(LinkSettings link) implements LinkRequest {}

  /**
   * Makes a pair of links, the peer directly in another namespace.
   *
   * @param peer switched on later, from inside: the kernel refuses it while the pair is not whole
   * @param peerNamespace an open network namespace, see {@link NetworkNamespace#descriptor}; open
   *     until the request is done
   */
  record AddVeth(LinkSettings link, LinkSettings peer, Descriptor peerNamespace)
      implements LinkRequest {}

  /** Changes a link. A name is changed only while it is down (before Linux 6.2). */
  record Change(int link, LinkSettings to) implements LinkRequest {}

  /** Changes the link of this name. */
  record ChangeNamed(String name, LinkSettings to) implements LinkRequest {}

  /**
   * Changes a port of a bridge.
   *
   * @param port the index of the link
   * @param hairpin whether a frame may leave where it came in; empty: as it is
   * @param isolated whether it is kept apart from other isolated ports; empty: as it is
   */
  record BridgePort(int port, Optional<Boolean> hairpin, Optional<Boolean> isolated)
      implements LinkRequest {
    /** Lets frames leave where they came in. */
    public static BridgePort withHairpin(int port) {
      return new BridgePort(port, Optional.of(true), Optional.empty());
    }

    /** Keeps the port apart from other isolated ports. */
    public static BridgePort isolated(int port) {
      return new BridgePort(port, Optional.empty(), Optional.of(true));
    }
  }

  /** Removes a link; a veth takes its peer along. */
  record Delete(String name) implements LinkRequest {}

  /** Gives a link an address, for IPv6 without waiting for duplicates to answer. */
  record AddAddress(LinkAddress address) implements LinkRequest {}

  /** Takes it away. */
  record DeleteAddress(LinkAddress address) implements LinkRequest {}

  /** Adds a route, in place of one to the same destination. */
  record SetRoute(Route route) implements LinkRequest {}

  /** Removes a route. */
  record DeleteRoute(Route route) implements LinkRequest {}

  /** Names the hardware address of a neighbour for good, in place of what was learnt. */
  record SetNeighbour(int link, InetAddress address, long mac) implements LinkRequest {}

  /** Forgets a neighbour. */
  record DeleteNeighbour(int link, InetAddress address) implements LinkRequest {}

  /** What the request is about, for messages. */
  default String subject() {
    return switch (this) {
      case AddBridge r -> "add bridge " + r.link.name();
      case AddVeth r -> "add links " + r.link.name() + " and " + r.peer.name();
      case Change r -> "change link " + r.link + " to " + r.to;
      case ChangeNamed r -> "change link " + r.name;
      case BridgePort r -> "change bridge port " + r.port;
      case Delete r -> "delete link " + r.name;
      case AddAddress r ->
          "add address " + r.address.address().getHostAddress() + " to " + r.address.link();
      case DeleteAddress r -> "delete address " + r.address.address().getHostAddress();
      case SetRoute r -> "add route " + text(r.route);
      case DeleteRoute r -> "delete route " + text(r.route);
      case SetNeighbour r -> "add neighbour " + r.address.getHostAddress();
      case DeleteNeighbour r -> "delete neighbour " + r.address.getHostAddress();
    };
  }

  private static String text(Route route) {
    return route.destination().map(InetAddress::getHostAddress).orElse("default")
        + route.gateway().map(g -> " by " + g.getHostAddress()).orElse("");
  }
}
