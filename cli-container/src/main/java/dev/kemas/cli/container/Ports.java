package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports column of {@code ps}: neighbouring ports of one address become a range. */
final class Ports {
  private Ports() {}

  private record Port(String ip, long inside, long outside, String type) {}

  /** First and last port of a run of neighbours. */
  private record Range(long first, long last) {}

  static String display(Json ports) {
    if (ports.items().isEmpty()) {
      return "";
    }
    List<String> shown = new ArrayList<>();
    List<String> mapped = new ArrayList<>();
    Map<String, Range> open = new LinkedHashMap<>();
    for (Port port : sorted(ports)) {
      boolean published = !port.ip.isEmpty();
      if (published && port.outside != port.inside) {
        mapped.add(host(port.ip) + ":" + port.outside + "->" + port.inside + "/" + port.type);
        continue;
      }
      String key = published ? port.ip + "/" + port.type : port.type;
      Range range = open.get(key);
      if (range == null) {
        open.put(key, new Range(port.inside, port.inside));
      } else if (port.inside == range.last + 1) {
        open.put(key, new Range(range.first, port.inside));
      } else {
        shown.add(group(key, range));
        open.put(key, new Range(port.inside, port.inside));
      }
    }
    for (Map.Entry<String, Range> rest : open.entrySet()) {
      shown.add(group(rest.getKey(), rest.getValue()));
    }
    shown.addAll(mapped);
    return String.join(", ", shown);
  }

  private static List<Port> sorted(Json ports) {
    List<Port> sorted = new ArrayList<>();
    for (Json port : ports.items()) {
      sorted.add(
          new Port(
              port.text("IP"),
              port.get("PrivatePort").number(),
              port.get("PublicPort").number(),
              port.text("Type")));
    }
    sorted.sort(Ports::compare);
    return sorted;
  }

  private static int compare(Port a, Port b) {
    if (a.inside != b.inside) {
      return Long.compare(a.inside, b.inside);
    }
    int byAddress = a.ip.compareTo(b.ip);
    if (byAddress != 0) {
      return byAddress;
    }
    int byOutside = Long.compare(a.outside, b.outside);
    return byOutside != 0 ? byOutside : a.type.compareTo(b.type);
  }

  private static String group(String key, Range range) {
    int slash = key.indexOf('/');
    String type = slash < 0 ? key : key.substring(slash + 1);
    String ports = range.first == range.last ? "" + range.first : range.first + "-" + range.last;
    if (slash >= 0) {
      ports = host(key.substring(0, slash)) + ":" + ports + "->" + ports;
    }
    return ports + "/" + type;
  }

  /** An address as it stands before a colon and a port. */
  static String host(String ip) {
    return ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
  }
}
