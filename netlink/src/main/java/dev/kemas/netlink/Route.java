package dev.kemas.netlink;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A route of the main table.
 *
 * @param destination where to; empty: anywhere (the default route)
 * @param prefixLength of the destination; 0 for the default route
 * @param gateway the next hop; empty: directly on the link
 * @param link the index of the link that leads there; 0: as the kernel finds
 * @param ipv6 the family
 */
public record Route(
    Optional<InetAddress> destination,
    int prefixLength,
    Optional<InetAddress> gateway,
    int link,
    boolean ipv6) {
  /** The default route by a gateway. */
  public static Route byDefault(InetAddress gateway, int link) {
    return new Route(
        Optional.empty(), 0, Optional.of(gateway), link, gateway.getAddress().length == 16);
  }
}
