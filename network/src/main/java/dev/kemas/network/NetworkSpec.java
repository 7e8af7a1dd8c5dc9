package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The wish for a network. Made by {@link #of}, changed by the {@code with} methods.
 *
 * @param name unique on this daemon
 * @param driver {@code bridge}, or empty for the same; {@code host} and {@code null} exist only
 *     predefined
 * @param ipam subnets with their gateways; empty: one is chosen from the pools
 * @param internal no way out of it and none in
 * @param attachable kept and shown, without meaning outside a swarm
 * @param ipv6 whether containers get IPv6 addresses as well
 * @param options of the driver: {@code com.docker.network.bridge.name}, {@code
 *     com.docker.network.bridge.enable_icc}, {@code
 *     com.docker.network.bridge.enable_ip_masquerade}, {@code
 *     com.docker.network.bridge.host_binding_ipv4}, {@code com.docker.network.driver.mtu}; unknown
 *     ones are kept and ignored
 * @param labels the user's own
 */
public record NetworkSpec(
    String name,
    String driver,
    List<Ipam> ipam,
    boolean internal,
    boolean attachable,
    boolean ipv6,
    Map<String, String> options,
    Map<String, String> labels) {

  public NetworkSpec {
    ipam = List.copyOf(ipam);
    options = Map.copyOf(options);
    labels = Map.copyOf(labels);
  }

  /**
   * One subnet of a network.
   *
   * @param subnet the range; empty: chosen from the pools
   * @param range the part of it that containers get addresses from; empty: all of it
   * @param gateway the bridge's own address; empty: the first one
   * @param reserved addresses that are never given out, by a name of the user's choice
   */
  public record Ipam(
      Optional<Subnet> subnet,
      Optional<Subnet> range,
      Optional<InetAddress> gateway,
      Map<String, InetAddress> reserved) {
    public Ipam {
      reserved = Map.copyOf(reserved);
    }

    /**
     * Reads what the Engine API has as texts; an empty one means not given.
     *
     * @throws Fault.InvalidArgument when one cannot be read
     */
    public static Ipam parse(
        String subnet, String range, String gateway, Map<String, String> reserved) {
      Map<String, InetAddress> addresses = new java.util.HashMap<>();
      reserved.forEach((name, text) -> addresses.put(name, Subnet.parseAddress(text)));
      return new Ipam(
          subnet.isEmpty() ? Optional.empty() : Optional.of(Subnet.parse(subnet)),
          range.isEmpty() ? Optional.empty() : Optional.of(Subnet.parse(range)),
          gateway.isEmpty() ? Optional.empty() : Optional.of(Subnet.parseAddress(gateway)),
          addresses);
    }
  }

  /** A bridge network with a subnet from the pools. */
  public static NetworkSpec of(String name) {
    return new NetworkSpec(name, "bridge", List.of(), false, false, false, Map.of(), Map.of());
  }

  /** The same with another driver. */
  public NetworkSpec withDriver(String other) {
    return new NetworkSpec(name, other, ipam, internal, attachable, ipv6, options, labels);
  }

  /** The same with given subnets. */
  public NetworkSpec withIpam(List<Ipam> other) {
    return new NetworkSpec(name, driver, other, internal, attachable, ipv6, options, labels);
  }

  /** The same, closed or open. */
  public NetworkSpec withInternal(boolean value) {
    return new NetworkSpec(name, driver, ipam, value, attachable, ipv6, options, labels);
  }

  /** The same, attachable or not. */
  public NetworkSpec withAttachable(boolean value) {
    return new NetworkSpec(name, driver, ipam, internal, value, ipv6, options, labels);
  }

  /** The same with or without IPv6. */
  public NetworkSpec withIpv6(boolean value) {
    return new NetworkSpec(name, driver, ipam, internal, attachable, value, options, labels);
  }

  /** The same with driver options. */
  public NetworkSpec withOptions(Map<String, String> other) {
    return new NetworkSpec(name, driver, ipam, internal, attachable, ipv6, other, labels);
  }

  /** The same with labels. */
  public NetworkSpec withLabels(Map<String, String> other) {
    return new NetworkSpec(name, driver, ipam, internal, attachable, ipv6, options, other);
  }
}
