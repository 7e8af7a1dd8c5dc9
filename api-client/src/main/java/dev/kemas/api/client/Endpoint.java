package dev.kemas.api.client;

import dev.kemas.fault.Fault;

/** Where an engine listens: {@code unix:///path} or {@code tcp://host:port}. */
public sealed interface Endpoint permits Endpoint.Unix, Endpoint.Tcp {

  /** A unix socket. */
  record Unix(String path) implements Endpoint {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A TCP port without transport security; IPv6 addresses come without their brackets. */
  record Tcp(String host, int port) implements Endpoint {
    @Override
    public String toString() {
      return "tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * Reads the form that {@code DOCKER_HOST} has. Fault: {@link Fault.InvalidArgument} that names
   * the text.
   */
  static Endpoint parse(String text) {
    if (text.startsWith("unix://")) {
      String path = text.substring("unix://".length());
      if (path.isEmpty()) {
        throw new Fault.InvalidArgument("the host \"" + text + "\" names no socket path");
      }
      return new Unix(path);
    }
    if (text.startsWith("/")) {
      return new Unix(text);
    }
    String address = text;
    if (text.startsWith("tcp://")) {
      address = text.substring("tcp://".length());
    } else if (text.startsWith("http://")) {
      address = text.substring("http://".length());
    } else if (text.contains("://") || text.indexOf(':') < 0) {
      throw new Fault.InvalidArgument(
          "unable to parse docker host `" + text + "`: use unix:///path or tcp://host:port");
    }
    return tcp(address, text);
  }

  private static Endpoint tcp(String address, String text) {
    String bare = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    int colon = bare.lastIndexOf(':');
    boolean bracketed = bare.startsWith("[");
    boolean hasPort = colon > 0 && !(bracketed && bare.endsWith("]"));
    String host = hasPort ? bare.substring(0, colon) : bare;
    if (bracketed && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = hasPort ? Integer.parseInt(bare.substring(colon + 1)) : 2375;
      if (port > 0 && port < 65536) {
        return new Tcp(host.isEmpty() ? "localhost" : host, port);
      }
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid port in docker host `" + text + "`", e);
    }
    throw new Fault.InvalidArgument("invalid port in docker host `" + text + "`");
  }
}
