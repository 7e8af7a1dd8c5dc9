package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.flag.UsageError;
import java.util.List;
import java.util.Locale;

/**
 * {@code -p} and {@code --expose}: {@code [ip:][hostPort[-last]:]containerPort[-last][/protocol]}.
 *
 * @param exposed the ports, as the keys of an object
 * @param bindings where each is published
 */
record PublishedPorts(Json.Obj exposed, Json.Obj bindings) {
  private static final int LAST = 65535;

  static PublishedPorts of(List<String> published, List<String> exposed) {
    PublishedPorts ports = new PublishedPorts(Json.object(), Json.object());
    for (String spec : published) {
      ports.publish(spec);
    }
    for (String spec : exposed) {
      ports.expose(spec);
    }
    return ports;
  }

  private void publish(String text) {
    String spec = text;
    if (text.indexOf('=') >= 0) {
      spec = Fields.portsFromFields(text);
    }
    String protocol = protocol(spec);
    String rest = spec.indexOf('/') < 0 ? spec : spec.substring(0, spec.indexOf('/'));
    int colon = rest.lastIndexOf(':');
    String inside = rest.substring(colon + 1);
    String before = colon < 0 ? "" : rest.substring(0, colon);
    int second = before.lastIndexOf(':');
    String outside = before.substring(second + 1);
    String address = second < 0 ? "" : before.substring(0, second);
    if (inside.isEmpty()) {
      throw new UsageError("no port specified: " + text + "<empty>");
    }
    publish(address(address), outside, inside, protocol);
  }

  private static String protocol(String spec) {
    int slash = spec.indexOf('/');
    String protocol = slash < 0 ? "tcp" : spec.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
      throw new UsageError("invalid proto: " + protocol);
    }
    return protocol;
  }

  private static String address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    boolean plausible = true;
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      plausible &= c == '.' || c == ':' || c == '%' || Character.digit(c, 16) >= 0;
    }
    if (!plausible || (bare.indexOf(':') < 0 && !bare.isEmpty() && bare.split("\\.").length != 4)) {
      throw new UsageError("invalid IP address: " + bare);
    }
    return bare;
  }

  private void publish(String address, String outside, String inside, String protocol) {
    int[] target = range(inside, "containerPort");
    int[] source = outside.isEmpty() ? new int[] {0, 0} : range(outside, "hostPort");
    int count = target[1] - target[0];
    boolean spread = !outside.isEmpty() && source[1] - source[0] != count;
    if (spread && count != 0) {
      throw new UsageError(
          "invalid ranges specified for container and host Ports: " + inside + " and " + outside);
    }
    for (int i = 0; i <= count; i++) {
      String port = (target[0] + i) + "/" + protocol;
      String host = "";
      if (spread) {
        host = source[0] + "-" + source[1];
      } else if (!outside.isEmpty()) {
        host = Integer.toString(source[0] + i);
      }
      exposed.put(port, Json.object());
      Json.Obj binding = Json.object().put("HostIp", address).put("HostPort", host);
      if (bindings.get(port) instanceof Json.Arr known) {
        known.add(binding);
      } else {
        bindings.put(port, new Json.Arr().add(binding));
      }
    }
  }

  private void expose(String text) {
    if (text.indexOf(':') >= 0) {
      throw new UsageError("invalid port format for --expose: " + text);
    }
    String protocol = protocol(text);
    String ports = text.indexOf('/') < 0 ? text : text.substring(0, text.indexOf('/'));
    int[] range = range(ports, "range format for --expose");
    for (int port = range[0]; port <= range[1]; port++) {
      exposed.put(port + "/" + protocol, Json.object());
    }
  }

  private static int[] range(String text, String what) {
    int dash = text.indexOf('-');
    int first = port(dash < 0 ? text : text.substring(0, dash), text, what);
    int last = dash < 0 ? first : port(text.substring(dash + 1), text, what);
    if (last < first) {
      throw new UsageError("invalid " + what + ": " + text);
    }
    return new int[] {first, last};
  }

  private static int port(String text, String whole, String what) {
    int value = 0;
    for (int i = 0; i < text.length() && value <= LAST; i++) {
      int digit = Character.digit(text.charAt(i), 10);
      value = digit < 0 ? LAST + 1 : value * 10 + digit;
    }
    if (text.isEmpty() || value > LAST) {
      throw new UsageError("invalid " + what + ": " + whole);
    }
    return value;
  }
}
