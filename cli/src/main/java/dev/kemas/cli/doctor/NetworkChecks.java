package dev.kemas.cli.doctor;

import dev.kemas.fault.Fault;
import dev.kemas.host.HostCheck;
import dev.kemas.nftables.Nftables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rules, forwarding, and the addresses that networks of the engine take. */
final class NetworkChecks {
  /** The pools that the engine takes networks from: address and length of the prefix. */
  private static final String[] POOLS = {"172.17.0.0/16", "172.18.0.0/15", "172.20.0.0/14"};

  private NetworkChecks() {}

  static List<HostCheck> all() {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(rules());
    checks.add(forwarding());
    checks.add(pools());
    return checks;
  }

  private static HostCheck rules() {
    String name = "nftables";
    try (Nftables nftables = Nftables.open()) {
      nftables.run("list tables");
      return HostCheck.ok(name, "the kernel answers");
    } catch (Fault.Forbidden e) {
      return HostCheck.missing(name, e.getMessage(), "run as root (CAP_NET_ADMIN)");
    } catch (Fault e) {
      return HostCheck.missing(
          name, e.getMessage(), "apt-get install nftables; modprobe nf_tables");
    }
  }

  private static HostCheck forwarding() {
    String value = read("/proc/sys/net/ipv4/ip_forward").strip();
    return value.equals("1")
        ? HostCheck.ok("forwarding", "net.ipv4.ip_forward = 1")
        : HostCheck.degraded(
            "forwarding",
            "net.ipv4.ip_forward = " + value + "; the engine turns it on when it starts",
            "sysctl -w net.ipv4.ip_forward=1");
  }

  /** Whether a pool is free of routes that this host already has. */
  private static HostCheck pools() {
    String name = "address pool";
    List<String> taken = new ArrayList<>();
    List<String> free = new ArrayList<>();
    for (String pool : POOLS) {
      String by = takenBy(pool);
      if (by.isEmpty()) {
        free.add(pool);
      } else {
        taken.add(pool + " (" + by + ")");
      }
    }
    if (taken.isEmpty()) {
      return HostCheck.ok(name, String.join(", ", free) + " are free");
    }
    String remedy =
        "kemasd --bip 10.200.0.1/24 --default-address-pool base=10.201.0.0/16,size=24, or any"
            + " other range that nobody uses";
    return HostCheck.degraded(
        name,
        "in use: " + String.join(", ", taken) + "; the engine goes round them",
        free.isEmpty() ? remedy : "nothing, or " + remedy);
  }

  /** The device whose route overlaps the pool; routes of the engine's own bridges do not count. */
  private static String takenBy(String pool) {
    int slash = pool.indexOf('/');
    long address = address(pool.substring(0, slash));
    long mask = mask(Integer.parseInt(pool.substring(slash + 1)));
    String[] lines = read("/proc/net/route").split("\n", -1);
    for (String line : lines) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length < 8 || words[0].equals("Iface") || words[0].startsWith("kemas")) {
        continue;
      }
      long target = littleEndian(words[1]);
      long common = mask & littleEndian(words[7]);
      boolean isDefault = littleEndian(words[7]) == 0;
      if (!isDefault && (target & common) == (address & common)) {
        return words[0];
      }
    }
    return "";
  }

  private static long address(String text) {
    long value = 0;
    for (String part : text.split("\\.", -1)) {
      value = value * 256 + Integer.parseInt(part);
    }
    return value;
  }

  private static long mask(int length) {
    return (0xffffffffL << (32 - length)) & 0xffffffffL;
  }

  /** The route table shows addresses as eight digits in the byte order of the machine. */
  private static long littleEndian(String digits) {
    return Integer.reverseBytes(Integer.parseUnsignedInt(digits, 16)) & 0xffffffffL;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
