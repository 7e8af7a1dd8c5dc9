package dev.kemas.registry.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Hosts as settings name them: by name, with a port, as an address range. */
final class HostPatterns {
  private HostPatterns() {}

  /** Whether a registry may speak plain HTTP or show a certificate that nobody vouches for. */
  static boolean insecure(String authority, List<String> patterns) {
    String host = host(authority);
    return isLoopback(host)
        || patterns.stream()
            .anyMatch(p -> p.equals(authority) || p.equals(host) || (isRange(p) && in(host, p)));
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("[::1]");
  }

  /** The host of {@code host:port} or {@code [address]:port}. */
  static String host(String authority) {
    if (authority.startsWith("[")) {
      return authority.substring(1, authority.indexOf(']'));
    }
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  static boolean isRange(String pattern) {
    return pattern.contains("/");
  }

  /** Whether a host's address is in a range such as {@code 10.0.0.0/8}. */
  static boolean in(String host, String range) {
    String[] parts = range.split("/", 2);
    try {
      byte[] net = InetAddress.getByName(parts[0]).getAddress();
      byte[] address = InetAddress.getByName(host).getAddress();
      int bits = Integer.parseInt(parts[1]);
      if (net.length != address.length || bits < 0 || bits > net.length * 8) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((net[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException | NumberFormatException e) {
      return false; // a host without an address is in no range; reaching it tells what is wrong
    }
  }
}
