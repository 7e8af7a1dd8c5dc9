package dev.kemas.network;

import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The wish to publish one port of a container.
 *
 * @param protocol of the port
 * @param containerPort 1 to 65535
 * @param hostAddress where it is reachable; empty: the network's or the daemon's default
 * @param firstHostPort 1 to 65535, or 0: any free one
 * @param lastHostPort the end of the range that the first free port is taken from; the same as the
 *     first for exactly that port
 */
public record PortRequest(
    Protocol protocol,
    int containerPort,
    Optional<InetAddress> hostAddress,
    int firstHostPort,
    int lastHostPort) {
  /** What runs over IP. */
  public enum Protocol {
    TCP,
    UDP,
    SCTP;

    /** As in {@code 80/tcp}. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * @throws Fault.InvalidArgument when a port is out of range or the range is upside down
   */
  public PortRequest {
    if (containerPort < 1 || containerPort > 65535) {
      throw new Fault.InvalidArgument("invalid container port: " + containerPort);
    }
    if (firstHostPort < 0 || lastHostPort > 65535 || lastHostPort < firstHostPort) {
      throw new Fault.InvalidArgument(
          "invalid host port range: " + firstHostPort + "-" + lastHostPort);
    }
  }

  /** On any free port of the default host address. */
  public static PortRequest anyHostPort(Protocol protocol, int containerPort) {
    return new PortRequest(protocol, containerPort, Optional.empty(), 0, 0);
  }

  /** On exactly this port of the default host address. */
  public static PortRequest of(Protocol protocol, int containerPort, int hostPort) {
    return new PortRequest(protocol, containerPort, Optional.empty(), hostPort, hostPort);
  }

  /** The same on one host address only. */
  public PortRequest withHostAddress(InetAddress address) {
    return new PortRequest(
        protocol, containerPort, Optional.of(address), firstHostPort, lastHostPort);
  }
}
