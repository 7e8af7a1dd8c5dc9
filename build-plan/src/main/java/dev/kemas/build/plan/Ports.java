package dev.kemas.build.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What EXPOSE takes: {@code 80}, {@code 53/udp}, {@code 8000-8010/tcp}. An address and a port of
 * the host may stand before, and mean nothing: {@code 127.0.0.1:80:8080}.
 */
final class Ports {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+\\]|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Ports() {}

  /**
   * Keys of an image's exposed ports.
   *
   * @throws IllegalArgumentException with Docker's text for what is no port
   */
  static List<String> parse(String text) {
    int last = text.lastIndexOf(':');
    int middle = last < 0 ? -1 : text.lastIndexOf(':', last - 1);
    String address = middle < 0 ? "" : text.substring(0, middle);
    String host = last < 0 ? "" : text.substring(middle + 1, last);
    String container = text.substring(last + 1);
    int slash = container.indexOf('/');
    String written = slash < 0 ? "" : container.substring(slash + 1);
    String protocol = written.isEmpty() ? "tcp" : written.toLowerCase(Locale.ROOT);
    String ports = slash < 0 ? container : container.substring(0, slash);
    if (ports.isEmpty()) {
      throw new IllegalArgumentException("invalid port: \"%s\": no port specified".formatted(text));
    }
    if (!PROTOCOLS.contains(protocol)) {
      throw new IllegalArgumentException(
          "invalid port: \"%s\": invalid proto: %s".formatted(text, written));
    }
    if (!address.isEmpty() && !ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException("invalid IP address: " + address);
    }
    int[] range = range(ports).orElseThrow(() -> invalid("invalid containerPort: " + ports));
    if (!host.isEmpty()) {
      int[] from = range(host).orElseThrow(() -> invalid("invalid hostPort: " + host));
      if (range[1] != range[0] && range[1] - range[0] != from[1] - from[0]) {
        throw invalid(
            "invalid ranges specified for container and host Ports: %s and %s"
                .formatted(ports, host));
      }
    }
    List<String> keys = new ArrayList<>();
    for (int port = range[0]; port <= range[1]; port++) {
      keys.add(port + "/" + protocol);
    }
    return keys;
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException(message);
  }

  /** First and last. */
  private static Optional<int[]> range(String text) {
    if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
      return Optional.empty();
    }
    String[] ends = text.split("-", 2);
    int first = Integer.parseInt(ends[0]);
    int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
    return first <= last && last < 65536 ? Optional.of(new int[] {first, last}) : Optional.empty();
  }
}
