package dev.kemas.network;

import dev.kemas.address.AddressPool;
import dev.kemas.address.Subnet;
import dev.kemas.address.SubnetChooser;
import dev.kemas.fault.Fault;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns the wish for a network into a network: checks it and fills in what it leaves open. Pure.
 */
final class NetworkPlanner {
  static final String OPTION_NAME = "com.docker.network.bridge.name";
  static final String OPTION_ICC = "com.docker.network.bridge.enable_icc";
  static final String OPTION_MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
  static final String OPTION_BIND = "com.docker.network.bridge.host_binding_ipv4";
  static final String OPTION_DEFAULT = "com.docker.network.bridge.default_bridge";
  static final String OPTION_MTU = "com.docker.network.driver.mtu";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final Pattern LINK = Pattern.compile("[^/\\s]{1,15}");
  private static final int LEAST_MTU = 68;

  private final NetworkSettings settings;
  private final int hostMtu;

  /**
   * @param hostMtu of the way out of the host, in bytes
   */
  NetworkPlanner(NetworkSettings settings, int hostMtu) {
    this.settings = settings;
    this.hostMtu = hostMtu;
  }

  /**
   * The network that a wish becomes.
   *
   * @param mine subnets of this instance's networks, which none may overlap
   * @param others what else the host reaches, which a chosen one avoids
   */
  Network plan(NetworkSpec spec, Instant now, List<Subnet> mine, List<Subnet> others) {
    checkName(spec.name());
    switch (spec.driver()) {
      case "bridge", "" -> {}
      case "host", "null" ->
          throw new Fault.Forbidden(
              "only one instance of \"" + spec.driver() + "\" network is allowed");
      default ->
          throw new Fault.NotFound(
              "plugin", spec.driver(), "plugin \"" + spec.driver() + "\" not found");
    }
    checkOptions(spec.options());
    String id = Ids.random();
    return new Network(
        id,
        spec.name(),
        now,
        "bridge",
        ranges(spec, mine, others),
        spec.internal(),
        spec.attachable(),
        spec.ipv6(),
        spec.options(),
        spec.labels(),
        spec.options().getOrDefault(OPTION_NAME, Ids.bridge(settings.instance(), id)),
        mtu(spec.options()));
  }

  /** The network named {@code bridge}, as the daemon's settings have it. */
  Network planDefault(Instant now, List<Subnet> mine, List<Subnet> others) {
    Network.Range range =
        settings
            .bip()
            .map(bip -> new Network.Range(bip.subnet(), Optional.empty(), bip.gateway(), Map.of()))
            .orElseGet(() -> {
              Subnet subnet = choose(false, mine, others);
              return new Network.Range(subnet, Optional.empty(), subnet.at(1), Map.of());
            });
    int mtu = mtu(Map.of());
    return new Network(
        Ids.random(),
        Network.BRIDGE,
        now,
        "bridge",
        List.of(range),
        false,
        false,
        false,
        Map.of(
            OPTION_DEFAULT, "true",
            OPTION_ICC, String.valueOf(settings.interContainer()),
            OPTION_MASQUERADE, "true",
            OPTION_BIND, Subnet.text(settings.bindAddress()),
            OPTION_NAME, settings.bridgeName(),
            OPTION_MTU, String.valueOf(mtu)),
        Map.of(),
        settings.bridgeName(),
        mtu);
  }

  /** The networks {@code host} and {@code none}. */
  static Network planWithoutLink(String name, Instant now) {
    String driver = name.equals(Network.HOST) ? "host" : "null";
    return new Network(
        Ids.random(), name, now, driver, List.of(), false, false, false, Map.of(), Map.of(), "", 0);
  }

  private static void checkName(String name) {
    if (name.isBlank()) {
      throw new Fault.InvalidArgument("invalid network name: name is empty");
    }
    if (Network.isPredefined(name)) {
      throw new Fault.Forbidden("operation is not permitted on predefined " + name + " network");
    }
    if (!NAME.matcher(name).matches()) {
      throw new Fault.InvalidArgument(
          "invalid network name: " + name + ": only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed");
    }
  }

  private static void checkOptions(Map<String, String> options) {
    for (String key : List.of(OPTION_ICC, OPTION_MASQUERADE)) {
      String value = options.getOrDefault(key, "true");
      if (!value.equals("true") && !value.equals("false")) {
        throw new Fault.InvalidArgument("invalid value for '" + key + "': " + value);
      }
    }
    Optional.ofNullable(options.get(OPTION_BIND))
        .filter(v -> !v.isEmpty())
        .ifPresent(Subnet::parseAddress);
    String link = options.getOrDefault(OPTION_NAME, "ok");
    if (!LINK.matcher(link).matches() || link.equals(".") || link.equals("..")) {
      throw new Fault.InvalidArgument("invalid value for '" + OPTION_NAME + "': " + link);
    }
  }

  private int mtu(Map<String, String> options) {
    String text = options.getOrDefault(OPTION_MTU, "");
    int mtu;
    try {
      mtu = text.isEmpty() ? settings.mtu() : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid value for '" + OPTION_MTU + "': " + text, e);
    }
    if (mtu != 0 && (mtu < LEAST_MTU || mtu > 65535)) {
      throw new Fault.InvalidArgument("invalid value for '" + OPTION_MTU + "': " + mtu);
    }
    return mtu == 0 ? hostMtu : mtu;
  }

  private List<Network.Range> ranges(NetworkSpec spec, List<Subnet> mine, List<Subnet> others) {
    List<Network.Range> ranges = new ArrayList<>();
    List<Subnet> used = new ArrayList<>(mine);
    for (NetworkSpec.Ipam wish : spec.ipam()) {
      boolean ipv6 = wish.subnet().map(Subnet::isIpv6).orElse(false);
      if (ipv6 && !spec.ipv6()) {
        continue; // as Docker: an IPv6 subnet without --ipv6 is no reason to fail
      }
      if (ranges.stream().anyMatch(r -> r.subnet().isIpv6() == ipv6)) {
        throw new Fault.InvalidArgument(
            "bridge driver doesn't support multiple " + (ipv6 ? "IPv6" : "IPv4") + " subnets");
      }
      ranges.add(range(wish, ipv6, used, others));
      used.add(ranges.getLast().subnet());
    }
    NetworkSpec.Ipam open =
        new NetworkSpec.Ipam(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    if (ranges.stream().allMatch(r -> r.subnet().isIpv6())) {
      ranges.addFirst(range(open, false, used, others));
    }
    if (spec.ipv6() && ranges.stream().noneMatch(r -> r.subnet().isIpv6())) {
      ranges.add(range(open, true, used, others));
    }
    return ranges;
  }

  private Network.Range range(
      NetworkSpec.Ipam wish, boolean ipv6, List<Subnet> mine, List<Subnet> others) {
    Subnet subnet = wish.subnet().orElseGet(() -> choose(ipv6, mine, others));
    if (mine.stream().anyMatch(subnet::overlaps)) {
      throw new Fault.Forbidden(
          "invalid pool request: Pool overlaps with other one on this address space");
    }
    if (!ipv6 && subnet.prefixLength() > 30) {
      throw new Fault.InvalidArgument(
          "invalid subnet " + subnet + ": it has no room for a gateway and a container");
    }
    wish.range()
        .filter(r -> !subnet.containsAll(r))
        .ifPresent(r -> {
          throw new Fault.InvalidArgument("no matching subnet for range " + r);
        });
    InetAddress gateway = wish.gateway().orElseGet(() -> firstFree(subnet, wish));
    if (!subnet.contains(gateway)) {
      throw new Fault.InvalidArgument("no matching subnet for gateway " + Subnet.text(gateway));
    }
    Map<String, InetAddress> reserved = new HashMap<>(wish.reserved());
    reserved.forEach((name, address) -> {
      if (!subnet.contains(address)) {
        throw new Fault.InvalidArgument(
            "no matching subnet for aux-address " + Subnet.text(address));
      }
    });
    return new Network.Range(subnet, wish.range(), gateway, reserved);
  }

  /** The first address of the range that containers get theirs from, as Docker chooses. */
  private static InetAddress firstFree(Subnet subnet, NetworkSpec.Ipam wish) {
    BigInteger offset = wish.range().map(r -> subnet.offset(r.base())).orElse(BigInteger.ZERO);
    if (offset.signum() == 0) {
      offset = BigInteger.ONE;
    }
    while (wish.reserved().containsValue(subnet.at(offset))) {
      offset = offset.add(BigInteger.ONE);
    }
    return subnet.at(offset);
  }

  private Subnet choose(boolean ipv6, List<Subnet> mine, List<Subnet> others) {
    List<Subnet> used = new ArrayList<>(mine);
    used.addAll(others);
    List<AddressPool> pools = settings.pools();
    if (ipv6 && pools.stream().noneMatch(p -> p.base().isIpv6())) {
      pools = List.of(uniqueLocal());
    }
    return SubnetChooser.choose(pools, ipv6, used);
  }

  /** A random range of unique local addresses (RFC 4193, section 3.2). */
  private static AddressPool uniqueLocal() {
    BigInteger random = new BigInteger(40, new SecureRandom());
    Subnet all = Subnet.parse("fd00::/8");
    return new AddressPool(new Subnet(all.at(random.shiftLeft(80)), 48), 64);
  }
}
