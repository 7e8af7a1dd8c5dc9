package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's ports that this instance has given to containers. Each TCP and UDP port is held by a
 * bound socket, which no packet ever reaches (the rules turn it off before), so that no other
 * program takes the port unnoticed. Safe for any thread.
 */
final class HostPorts {
  private static final Logger LOG = LoggerFactory.getLogger(HostPorts.class);
  private static final String RANGE = "net/ipv4/ip_local_port_range";
  private static final int FIRST_EPHEMERAL = 32768;
  private static final int LAST_EPHEMERAL = 60999;

  private final HostKernel kernel;
  private final List<Held> held = new ArrayList<>();
  private int nextEphemeral;

  /** One port and the socket that holds it. */
  final class Held implements AutoCloseable {
    private final PublishedPort port;
    private final Optional<Channel> socket;

    private Held(PublishedPort port, Optional<Channel> socket) {
      this.port = port;
      this.socket = socket;
    }

    PublishedPort port() {
      return port;
    }

    /** Gives the port back. */
    @Override
    public void close() {
      synchronized (HostPorts.this) {
        held.remove(this);
      }
      closeQuietly(socket);
    }
  }

  HostPorts(HostKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Holds a port for a request.
   *
   * @param address the host address if the request names none
   * @throws Fault.Conflict {@code Bind for 0.0.0.0:5000 failed: port is already allocated}, or that
   *     another program has it
   * @throws Fault.ResourceExhausted when no ephemeral port is free
   */
  synchronized Held hold(PortRequest request, InetAddress address) {
    InetAddress at = request.hostAddress().orElse(address);
    if (at.getAddress().length != 4) {
      throw new Fault.Unsupported(
          "cannot publish on " + Subnet.text(at) + ": ports are published on IPv4 only");
    }
    if (request.firstHostPort() == 0) {
      return holdEphemeral(request, at);
    }
    Optional<Fault> failure = Optional.empty();
    for (int port = request.firstHostPort(); port <= request.lastHostPort(); port++) {
      try {
        return hold(new PublishedPort(request.protocol(), request.containerPort(), at, port));
      } catch (Fault.Conflict e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    throw failure.orElseThrow();
  }

  private Held holdEphemeral(PortRequest request, InetAddress at) {
    int[] range = ephemeralRange();
    int count = range[1] - range[0] + 1;
    for (int i = 0; i < count; i++) {
      int port = range[0] + Math.floorMod(nextEphemeral++, count);
      try {
        return hold(new PublishedPort(request.protocol(), request.containerPort(), at, port));
      } catch (Fault.Conflict e) {
        LOG.trace("an ephemeral port is taken", e);
      }
    }
    throw new Fault.ResourceExhausted("all ephemeral ports of the host are in use");
  }

  private int[] ephemeralRange() {
    String[] words =
        kernel
            .readParameter(RANGE)
            .orElse(FIRST_EPHEMERAL + " " + LAST_EPHEMERAL)
            .split("\\s+", -1);
    int first = Integer.parseInt(words[0]);
    int last = Integer.parseInt(words[1]);
    return first < last ? new int[] {first, last} : new int[] {FIRST_EPHEMERAL, LAST_EPHEMERAL};
  }

  /** Holds exactly this port, as recorded earlier. */
  synchronized Held hold(PublishedPort port) {
    for (Held other : held) {
      if (clash(other.port, port)) {
        throw new Fault.Conflict(
            "Bind for %s:%d failed: port is already allocated"
                .formatted(Subnet.text(port.hostAddress()), port.hostPort()));
      }
    }
    Held taken = new Held(port, bind(port));
    held.add(taken);
    return taken;
  }

  /** The same without a socket, for a port that another program took while this one was away. */
  synchronized Held holdWithoutSocket(PublishedPort port) {
    Held taken = new Held(port, Optional.empty());
    held.add(taken);
    return taken;
  }

  private static boolean clash(PublishedPort a, PublishedPort b) {
    return a.protocol() == b.protocol()
        && a.hostPort() == b.hostPort()
        && (a.hostAddress().equals(b.hostAddress())
            || a.hostAddress().isAnyLocalAddress()
            || b.hostAddress().isAnyLocalAddress());
  }

  private Optional<Channel> bind(PublishedPort port) {
    InetSocketAddress address = new InetSocketAddress(port.hostAddress(), port.hostPort());
    try {
      return switch (port.protocol()) {
        case TCP -> Optional.of(kernel.openInHost(() -> bindTcp(address)));
        case UDP -> Optional.of(kernel.openInHost(() -> bindUdp(address)));
        // the JDK has no SCTP without a further library; the kernel forwards it all the same
        case SCTP -> Optional.empty();
      };
    } catch (BindException e) {
      throw inUse(port, e);
    } catch (UncheckedIOException e) {
      throw inUse(port, e);
    } catch (Exception e) {
      throw e instanceof Fault fault ? fault : inUse(port, e);
    }
  }

  private static Fault inUse(PublishedPort port, Exception cause) {
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    String reason = String.valueOf(root.getMessage()).toLowerCase(java.util.Locale.ROOT).strip();
    return new Fault.Conflict(
        "failed to bind host port for %s:%d/%s: %s"
            .formatted(
                Subnet.text(port.hostAddress()), port.hostPort(), port.protocol().text(), reason),
        cause);
  }

  /** Listening, because a socket that is only bound could be joined by one with SO_REUSEADDR. */
  private static Channel bindTcp(InetSocketAddress address) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        return channel.bind(address, 1);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Channel bindUdp(InetSocketAddress address) {
    try {
      DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
      try {
        // nothing is to pile up in it
        channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 1);
        return channel.bind(address);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeQuietly(Optional<Channel> socket) {
    socket.ifPresent(s -> {
      try {
        s.close();
      } catch (IOException e) {
        // the descriptor is gone whatever close says (close(2))
        LOG.debug("closing a held port", e);
      }
    });
  }

  /** Lets all of them go, at the end of this process's work. */
  void closeAll() {
    List<Held> all;
    synchronized (this) {
      all = List.copyOf(held);
    }
    all.forEach(Held::close);
  }
}
