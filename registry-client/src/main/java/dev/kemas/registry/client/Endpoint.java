package dev.kemas.registry.client;

import dev.kemas.oci.Reference;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * One place where a repository may be found.
 *
 * @param base scheme, host and port
 * @param verified whether a certificate must be vouched for
 * @param mirror whether it stands in for another registry, which is asked when this one fails
 */
record Endpoint(URI base, boolean verified, boolean mirror) {
  private static final String HUB = "docker.io";
  private static final String HUB_HOST = "registry-1.docker.io";

  /** Where to ask for a repository, in this order. */
  static List<Endpoint> of(Reference name, RegistrySettings settings) {
    List<Endpoint> endpoints = new ArrayList<>();
    boolean hub = name.domain().equals(HUB);
    if (hub) {
      for (URI mirror : settings.mirrors()) {
        endpoints.add(new Endpoint(mirror, !insecure(mirror.getAuthority(), settings), true));
      }
    }
    String host = hub ? HUB_HOST : name.domain();
    if (insecure(host, settings)) {
      endpoints.add(new Endpoint(URI.create("https://" + host), false, false));
      endpoints.add(new Endpoint(URI.create("http://" + host), false, false));
    } else {
      endpoints.add(new Endpoint(URI.create("https://" + host), true, false));
    }
    return List.copyOf(endpoints);
  }

  private static boolean insecure(String authority, RegistrySettings settings) {
    String host = host(authority);
    if (host.equals("localhost") || host.startsWith("127.") || host.equals("::1")) {
      return true;
    }
    return settings.insecure().stream()
        .anyMatch(i -> i.equals(authority) || i.equals(host) || (i.contains("/") && in(host, i)));
  }

  private static String host(String authority) {
    if (authority.startsWith("[")) {
      return authority.substring(1, authority.indexOf(']'));
    }
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  private static boolean in(String host, String range) {
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

  /** Host and port, for messages. */
  String host() {
    return base.getAuthority();
  }

  URI resolve(String path) {
    return base.resolve(path);
  }
}
