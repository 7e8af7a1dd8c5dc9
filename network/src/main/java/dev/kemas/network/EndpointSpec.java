package dev.kemas.network;

import dev.kemas.address.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The wish to connect a container to one network. Made by {@link #to}, changed by the {@code with}
 * methods.
 *
 * @param network name, id or unique start of an id
 * @param ipv4 a fixed address; user-defined networks with a configured subnet only
 * @param ipv6 the same for IPv6
 * @param mac a fixed hardware address; empty: derived from the IPv4 address
 * @param interfaceName inside the container; empty: the first free of {@code eth0}, {@code eth1}
 *     ...
 * @param aliases further names within the network
 * @param gatewayPriority the network with the highest one is the way out; of equals, the first by
 *     name
 * @param options of the driver, such as {@code com.docker.network.endpoint.sysctls}
 */
public record EndpointSpec(
    String network,
    Optional<InetAddress> ipv4,
    Optional<InetAddress> ipv6,
    Optional<MacAddress> mac,
    String interfaceName,
    List<String> aliases,
    int gatewayPriority,
    Map<String, String> options) {

  public EndpointSpec {
    aliases = List.copyOf(aliases);
    options = Map.copyOf(options);
  }

  /** To a network, everything else chosen. */
  public static EndpointSpec to(String network) {
    return new EndpointSpec(
        network, Optional.empty(), Optional.empty(), Optional.empty(), "", List.of(), 0, Map.of());
  }

  /** The same with a fixed IPv4 or IPv6 address. */
  public EndpointSpec withAddress(InetAddress address) {
    boolean v6 = address.getAddress().length == 16;
    return new EndpointSpec(
        network,
        v6 ? ipv4 : Optional.of(address),
        v6 ? Optional.of(address) : ipv6,
        mac,
        interfaceName,
        aliases,
        gatewayPriority,
        options);
  }

  /** The same with a fixed hardware address. */
  public EndpointSpec withMac(MacAddress address) {
    return new EndpointSpec(
        network,
        ipv4,
        ipv6,
        Optional.of(address),
        interfaceName,
        aliases,
        gatewayPriority,
        options);
  }

  /** The same with a given interface name. */
  public EndpointSpec withInterfaceName(String name) {
    return new EndpointSpec(network, ipv4, ipv6, mac, name, aliases, gatewayPriority, options);
  }

  /** The same with aliases. */
  public EndpointSpec withAliases(List<String> names) {
    return new EndpointSpec(
        network, ipv4, ipv6, mac, interfaceName, names, gatewayPriority, options);
  }

  /** The same with a priority. */
  public EndpointSpec withGatewayPriority(int priority) {
    return new EndpointSpec(network, ipv4, ipv6, mac, interfaceName, aliases, priority, options);
  }

  /** The same with options. */
  public EndpointSpec withOptions(Map<String, String> other) {
    return new EndpointSpec(
        network, ipv4, ipv6, mac, interfaceName, aliases, gatewayPriority, other);
  }
}
