package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.address.SubnetChooser;
import dev.kemas.fault.Fault;
import dev.kemas.host.HostCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what the host offers for networks; changes nothing. */
final class Examination {
  private static final Pattern TABLE = Pattern.compile("^table (\\S+ \\S+) \\{");
  private static final Pattern CHAIN = Pattern.compile("^\\s*chain (\\S+) \\{");
  private static final Pattern DROPS = Pattern.compile("type filter hook forward .*policy drop");

  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final NetworkCatalog catalog;

  Examination(NetworkSettings settings, Parts parts) {
    this.settings = settings;
    this.kernel = parts.kernel();
    this.catalog = parts.catalog();
  }

  List<HostCheck> run() {
    List<HostCheck> findings = new ArrayList<>();
    findings.add(forwarding());
    findings.addAll(rules());
    findings.add(pools());
    return findings;
  }

  private HostCheck forwarding() {
    boolean on = kernel.readParameter("net/ipv4/ip_forward").equals(Optional.of("1"));
    return on
        ? HostCheck.ok("IPv4 forwarding", "switched on")
        : HostCheck.degraded(
            "IPv4 forwarding",
            "switched off; the daemon switches it on when it starts",
            "sysctl -w net.ipv4.ip_forward=1");
  }

  private List<HostCheck> rules() {
    String chains;
    try {
      chains = kernel.listRules("list chains");
    } catch (Fault e) {
      return List.of(
          HostCheck.missing(
              "nftables",
              e.getMessage(),
              e instanceof Fault.Forbidden
                  ? "run the daemon as root"
                  : "apt-get install nftables; the kernel needs CONFIG_NF_TABLES and NFT_NAT"));
    }
    List<HostCheck> findings = new ArrayList<>();
    findings.add(HostCheck.ok("nftables", "works"));
    findings.addAll(forwardDrops(chains));
    return findings;
  }

  /**
   * A packet passes only if the forward chains of all tables let it; ours cannot overrule another.
   */
  private List<HostCheck> forwardDrops(String chains) {
    List<HostCheck> findings = new ArrayList<>();
    String table = "";
    String chain = "";
    for (String line : chains.lines().toList()) {
      Matcher t = TABLE.matcher(line);
      Matcher c = CHAIN.matcher(line);
      if (t.find()) {
        table = t.group(1);
      } else if (c.find()) {
        chain = c.group(1);
      } else if (DROPS.matcher(line).find()) {
        findings.add(
            HostCheck.degraded(
                "forwarding rules of others",
                "the chain "
                    + chain
                    + " of table "
                    + table
                    + " drops what it does not know, so"
                    + " containers may not reach the outside nor be reached",
                remedy(table, chain)));
      }
    }
    if (findings.isEmpty()) {
      findings.add(HostCheck.ok("forwarding rules of others", "no table drops by default"));
    }
    return findings;
  }

  private String remedy(String table, String chain) {
    String bridge = settings.bridgeName();
    return table.endsWith(" filter") && chain.equals("FORWARD")
        ? "iptables -I FORWARD -i "
            + bridge
            + " -j ACCEPT; iptables -I FORWARD -o "
            + bridge
            + " -j ACCEPT"
        : "nft insert rule "
            + table
            + " "
            + chain
            + " iifname "
            + bridge
            + " accept; nft insert"
            + " rule "
            + table
            + " "
            + chain
            + " oifname "
            + bridge
            + " accept";
  }

  private HostCheck pools() {
    if (catalog.byName(Network.BRIDGE).isPresent() || settings.bip().isPresent()) {
      return HostCheck.ok("address pools", "the default network has a subnet");
    }
    try {
      Subnet free = SubnetChooser.choose(settings.pools(), false, catalog.hostSubnets());
      return HostCheck.ok("address pools", free + " is free");
    } catch (Fault.ResourceExhausted e) {
      return HostCheck.missing(
          "address pools",
          "every pool collides with a route or an address of the host",
          "start the daemon with --default-address-pool base=10.200.0.0/16,size=24 or --bip");
    }
  }
}
