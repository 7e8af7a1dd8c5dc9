package dev.kemas.network;

import dev.kemas.address.Subnet;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network as it is.
 *
 * @param id 64 hexadecimal digits
 * @param name unique on this daemon
 * @param created when
 * @param driver {@code bridge}, {@code host} or {@code null}
 * @param ipam its subnets, complete; none for {@code host} and {@code null}
 * @param internal no way out of it and none in
 * @param attachable kept and shown
 * @param ipv6 whether containers get IPv6 addresses as well
 * @param options as asked for; the default network's are those of dockerd
 * @param labels the user's own
 * @param bridge the name of its link on the host; empty for {@code host} and {@code null}
 * @param mtu of its links in bytes
 */
public record Network(
    String id,
    String name,
    Instant created,
    String driver,
    List<Range> ipam,
    boolean internal,
    boolean attachable,
    boolean ipv6,
    Map<String, String> options,
    Map<String, String> labels,
    String bridge,
    int mtu) {
  /** The network of containers that ask for none in particular. */
  public static final String BRIDGE = "bridge";

  /** The host's own. */
  public static final String HOST = "host";

  /** A loopback interface and nothing else. */
  public static final String NONE = "none";

  public Network {
    ipam = List.copyOf(ipam);
    options = Map.copyOf(options);
    labels = Map.copyOf(labels);
  }

  /**
   * One subnet with its gateway.
   *
   * @param subnet the range
   * @param range the part of it that containers get addresses from, as asked for
   * @param gateway the bridge's own address in it; an internal network has one too, without a route
   *     to it
   * @param reserved addresses that are never given out
   */
  public record Range(
      Subnet subnet,
      Optional<Subnet> range,
      InetAddress gateway,
      Map<String, InetAddress> reserved) {
    public Range {
      reserved = Map.copyOf(reserved);
    }
  }

  /** Whether it is {@code bridge}, {@code host} or {@code none}, which cannot be removed. */
  public boolean predefined() {
    return isPredefined(name);
  }

  /** Whether the name is one of the three that exist from the start. */
  public static boolean isPredefined(String name) {
    return name.equals(BRIDGE) || name.equals(HOST) || name.equals(NONE);
  }

  /** Whether names of containers are resolved in it: a bridge that the user made. */
  public boolean resolvesNames() {
    return driver.equals("bridge") && !predefined();
  }
}
