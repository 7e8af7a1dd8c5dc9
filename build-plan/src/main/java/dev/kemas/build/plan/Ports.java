package dev.kemas.build.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What EXPOSE takes: {@code 80}, {@code 53/udp}, {@code 8000-8010/tcp}. */
final class Ports {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  private Ports() {}

  /**
   * Keys of an image's exposed ports.
   *
   * @throws IllegalArgumentException with Docker's text for what is no port
   */
  static List<String> parse(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException("Invalid proto: " + protocol);
    }
    String ports = slash < 0 ? text : text.substring(0, slash);
    ports = ports.substring(ports.lastIndexOf(':') + 1);
    int dash = ports.indexOf('-');
    int first = port(text, dash < 0 ? ports : ports.substring(0, dash));
    int last = dash < 0 ? first : port(text, ports.substring(dash + 1));
    if (last < first) {
      throw new IllegalArgumentException("Invalid containerPort: " + text);
    }
    List<String> keys = new ArrayList<>();
    for (int port = first; port <= last; port++) {
      keys.add(port + "/" + protocol);
    }
    return keys;
  }

  private static int port(String whole, String text) {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65536) {
        return port;
      }
    }
    throw new IllegalArgumentException("Invalid containerPort: " + whole);
  }
}
