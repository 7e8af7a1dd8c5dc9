package dev.kemas.api.server;

import dev.kemas.fault.Fault;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the API is served, as dockerd's {@code --host} says it. */
public sealed interface Listen {
  /**
   * A socket of this machine.
   *
   * @param path absolute
   */
  record Unix(Path path) implements Listen {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /**
   * A port.
   *
   * @param address resolved
   */
  record Tcp(InetSocketAddress address) implements Listen {
    @Override
    public String toString() {
      return "tcp://" + address.getHostString() + ":" + address.getPort();
    }
  }

  /**
   * Reads {@code unix:///run/kemas.sock} and {@code tcp://127.0.0.1:2376}.
   *
   * @throws Fault.InvalidArgument when it is neither
   */
  static Listen parse(String text) {
    if (text.startsWith("unix://")) {
      Path path = Path.of(text.substring("unix://".length()));
      if (!path.isAbsolute()) {
        throw new Fault.InvalidArgument(
            "invalid host \"" + text + "\": the path of the socket is not absolute");
      }
      return new Unix(path);
    }
    if (text.startsWith("tcp://")) {
      try {
        URI uri = new URI(text);
        if (uri.getHost() != null && (uri.getPath() == null || uri.getPath().length() <= 1)) {
          int port = uri.getPort() < 0 ? 2376 : uri.getPort();
          InetSocketAddress address =
              new InetSocketAddress(uri.getHost().replaceAll("^\\[|\\]$", ""), port);
          if (address.isUnresolved()) {
            throw new Fault.InvalidArgument(
                "invalid host \"" + text + "\": no address is known for " + uri.getHost());
          }
          return new Tcp(address);
        }
      } catch (URISyntaxException e) {
        throw new Fault.InvalidArgument("invalid host \"" + text + "\": " + e.getMessage(), e);
      }
    }
    throw new Fault.InvalidArgument(
        "invalid host \"" + text + "\": want unix:///PATH or tcp://ADDRESS:PORT");
  }
}
