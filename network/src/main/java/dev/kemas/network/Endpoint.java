package dev.kemas.network;

import dev.kemas.address.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A container's connection to one network, as it is.
 *
 * @param id 64 hexadecimal digits
 * @param networkId the network
 * @param networkName its name
 * @param interfaceName inside the container; empty in {@code host} and {@code none}
 * @param addresses with their prefix lengths, IPv4 first; empty in {@code host} and {@code none}
 * @param mac the link's; empty in {@code host} and {@code none}
 * @param aliases further names within the network, as asked for
 * @param names all that the DNS answers to: container name, aliases, short id, host name; empty
 *     where names are not resolved
 * @param gatewayPriority as asked for
 * @param isGateway whether this network is the container's way out
 */
public record Endpoint(
    String id,
    String networkId,
    String networkName,
    String interfaceName,
    List<Address> addresses,
    Optional<MacAddress> mac,
    List<String> aliases,
    List<String> names,
    int gatewayPriority,
    boolean isGateway) {

  public Endpoint {
    addresses = List.copyOf(addresses);
    aliases = List.copyOf(aliases);
    names = List.copyOf(names);
  }

  /**
   * One address of an endpoint.
   *
   * @param address the address
   * @param prefixLength of the subnet it is in
   * @param gateway the next hop out; empty in an internal network
   */
  public record Address(InetAddress address, int prefixLength, Optional<InetAddress> gateway) {
    /** Whether it is an IPv6 address. */
    public boolean isIpv6() {
      return address.getAddress().length == 16;
    }
  }

  /** The IPv4 address, if there is one. */
  public Optional<Address> ipv4() {
    return addresses.stream().filter(a -> !a.isIpv6()).findFirst();
  }

  /** The IPv6 address, if there is one. */
  public Optional<Address> ipv6() {
    return addresses.stream().filter(Address::isIpv6).findFirst();
  }
}
