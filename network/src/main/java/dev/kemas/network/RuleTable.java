package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The nftables table of one instance. The rules are always the same; networks and published ports
 * are elements of sets and maps that the rules look into, so their number costs a packet nothing.
 * Each change is one transaction. The table as it should be is kept here too: when somebody flushed
 * it (the restart of a firewall), the next change puts all of it back. Safe for any thread.
 *
 * <p>What a packet meets:
 *
 * <ul>
 *   <li>{@code prerouting}, {@code output}: to an address of the host, a published port is sent to
 *       its container, 127.0.0.1 included; a container cannot reach the host's 127/8 through the
 *       bridge, although its parameter route_localnet is on for the sake of the former.
 *   <li>{@code forward}: within a bridge by its choice; nothing into or out of an internal one; out
 *       of any other; into one only what belongs to a known connection or came by a published port.
 *   <li>{@code postrouting}: what leaves a bridge takes the host's address; so does what came from
 *       127/8, and what went by a published port back into its own bridge, which would otherwise be
 *       answered past the host.
 * </ul>
 */
final class RuleTable {
  /**
   * A network's part.
   *
   * @param bridge the link
   * @param subnets its ranges
   * @param internal no way out and none in
   * @param interContainer whether its containers may talk to each other
   * @param masquerade whether what leaves it takes the host's address
   */
  record Bridge(
      String bridge,
      List<Subnet> subnets,
      boolean internal,
      boolean interContainer,
      boolean masquerade) {
    Bridge {
      subnets = List.copyOf(subnets);
    }
  }

  /** A published port and where it leads. */
  record Port(PublishedPort published, InetAddress container) {
    private boolean everywhere() {
      return published.hostAddress().isAnyLocalAddress();
    }

    private String map() {
      return everywhere() ? "ports" : "ports_at";
    }

    private String key() {
      String key = published.protocol().text() + " . " + published.hostPort();
      return everywhere() ? key : Subnet.text(published.hostAddress()) + " . " + key;
    }

    private String element() {
      return key() + " : " + Subnet.text(container) + " . " + published.containerPort();
    }
  }

  private static final String SETS =
      """
      set bridges { type ifname; }
      set internal { type ifname; }
      map within { type ifname . ifname : verdict; }
      set own { type ipv4_addr . ifname; flags interval; }
      set own6 { type ipv6_addr . ifname; flags interval; }
      set outward { type ipv4_addr; flags interval; }
      set outward6 { type ipv6_addr; flags interval; }
      map ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
      map ports_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
      """;

  private static final String CHAINS =
      """
      chain published { }
      chain separate { }
      chain early { type filter hook prerouting priority -300; policy accept; }
      chain prerouting { type nat hook prerouting priority -100; policy accept; }
      chain output { type nat hook output priority -100; policy accept; }
      chain forward { type filter hook forward priority 0; policy accept; }
      chain postrouting { type nat hook postrouting priority 100; policy accept; }
      """;

  private static final String RULES =
      """
      early iifname @bridges ip daddr 127.0.0.0/8 drop
      early iifname @bridges ip saddr 127.0.0.0/8 drop
      published ip protocol { tcp, udp, sctp } dnat ip to ip daddr . ip protocol . th dport map @ports_at
      published ip protocol { tcp, udp, sctp } dnat ip to ip protocol . th dport map @ports
      prerouting iifname != @internal meta nfproto ipv4 fib daddr type local goto published
      output meta nfproto ipv4 fib daddr type local goto published
      separate ct state established,related accept
      separate ct status dnat accept
      separate drop
      forward iifname != @bridges oifname != @bridges accept
      forward iifname . oifname vmap @within
      forward iifname @internal drop
      forward oifname @internal drop
      forward ct state established,related accept
      forward oifname != @bridges accept
      forward ct status dnat accept
      forward drop
      postrouting oifname @bridges ip saddr 127.0.0.0/8 masquerade
      postrouting ip saddr . oifname @own ct status dnat masquerade
      postrouting ip saddr . oifname @own accept
      postrouting ip6 saddr . oifname @own6 accept
      postrouting ip saddr @outward masquerade
      postrouting ip6 saddr @outward6 masquerade
      """;

  private final HostKernel kernel;
  private final String table;
  private final Map<String, Bridge> bridges = new LinkedHashMap<>();
  private final Set<Port> ports = new LinkedHashSet<>();
  private boolean installed;

  RuleTable(HostKernel kernel, String instance) {
    this.kernel = kernel;
    this.table = "inet " + name(instance);
  }

  static String name(String instance) {
    return "kemas_" + instance;
  }

  /** Puts the table as a whole into the kernel, in place of what is there. */
  synchronized void install(List<Bridge> allBridges, List<Port> allPorts) {
    bridges.clear();
    allBridges.forEach(b -> bridges.put(b.bridge(), b));
    ports.clear();
    ports.addAll(allPorts);
    install();
    installed = true;
  }

  private void install() {
    try {
      kernel.nft(whole());
    } catch (Fault.Conflict | Fault.Internal e) {
      // made by another version with other types: then the table has to go first
      kernel.nft("add table " + table + "\ndelete table " + table + "\n" + whole());
    }
  }

  synchronized void add(Bridge bridge) {
    bridges.put(bridge.bridge(), bridge);
    try {
      apply("add", elements(bridge));
    } catch (RuntimeException | Error e) {
      bridges.remove(bridge.bridge());
      throw e;
    }
  }

  synchronized void removeBridge(String name) {
    Bridge bridge = bridges.remove(name);
    if (bridge != null) {
      apply("delete", elements(bridge));
    }
  }

  synchronized void publish(List<Port> added) {
    if (added.isEmpty()) {
      return;
    }
    ports.addAll(added);
    try {
      apply("add", elements(added));
    } catch (RuntimeException | Error e) {
      added.forEach(ports::remove);
      throw e;
    }
  }

  synchronized void unpublish(List<Port> removed) {
    List<Port> present = removed.stream().filter(ports::remove).toList();
    if (!present.isEmpty()) {
      apply("delete", elements(present));
    }
  }

  /** Puts the table back if it is gone without this instance's doing; whether it was. */
  synchronized boolean restore() {
    if (!installed) {
      return false;
    }
    try {
      kernel.listRules("list chain " + table + " forward");
      return false;
    } catch (Fault.NotFound e) {
      install();
      return true;
    }
  }

  /** Removes the table. */
  synchronized void destroy() {
    installed = false;
    bridges.clear();
    ports.clear();
    kernel.nft("add table " + table + "\ndelete table " + table);
  }

  private void apply(String verb, List<String> elements) {
    StringBuilder text = new StringBuilder();
    elements.forEach(e -> text.append(verb).append(" element ").append(table).append(e));
    try {
      kernel.nft(text.toString());
    } catch (Fault.NotFound | Fault.Conflict e) {
      // somebody flushed the table, or put something into it: what is known here counts
      install();
    }
  }

  private static List<String> elements(Bridge b) {
    List<String> lines = new java.util.ArrayList<>();
    String name = '"' + b.bridge() + '"';
    lines.add(" bridges { " + name + " }\n");
    lines.add(
        " within { %s . %s : %s }\n"
            .formatted(name, name, b.interContainer() ? "accept" : "goto separate"));
    if (b.internal()) {
      lines.add(" internal { " + name + " }\n");
    }
    for (Subnet subnet : b.subnets()) {
      String six = subnet.isIpv6() ? "6" : "";
      lines.add(" own%s { %s . %s }\n".formatted(six, subnet, name));
      if (b.masquerade() && !b.internal()) {
        lines.add(" outward%s { %s }\n".formatted(six, subnet));
      }
    }
    return lines;
  }

  private static List<String> elements(List<Port> ports) {
    Map<String, StringJoiner> maps = new LinkedHashMap<>();
    for (Port port : ports) {
      maps.computeIfAbsent(port.map(), m -> new StringJoiner(", ", " " + m + " { ", " }\n"))
          .add(port.element());
    }
    return maps.values().stream().map(StringJoiner::toString).toList();
  }

  /** The whole table as one transaction that also replaces an older content of it. */
  private String whole() {
    StringBuilder text = new StringBuilder("add table " + table + "\n");
    text.append("table ").append(table).append(" {\n").append(SETS).append(CHAINS).append("}\n");
    SETS.lines().forEach(l -> text.append(flush(l)));
    text.append("flush table ").append(table).append('\n');
    RULES.lines().forEach(r -> text.append("add rule ").append(table).append(' ').append(r + "\n"));
    bridges.values().forEach(b -> elements(b).forEach(e -> element(text, e)));
    elements(List.copyOf(ports)).forEach(e -> element(text, e));
    return text.toString();
  }

  private void element(StringBuilder text, String element) {
    text.append("add element ").append(table).append(element);
  }

  /** From {@code set NAME ...} or {@code map NAME ...}. */
  private String flush(String declaration) {
    String[] words = declaration.split(" ", -1);
    return "flush " + words[0] + " " + table + " " + words[1] + "\n";
  }
}
