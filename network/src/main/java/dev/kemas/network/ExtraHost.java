package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A line that {@code --add-host} puts into a container's hosts file.
 *
 * @param name the host name
 * @param address its address; empty: {@code host-gateway}, the host as the container sees it
 */
public record ExtraHost(String name, Optional<InetAddress> address) {
  /**
   * Reads {@code name:address}, {@code name=address} and {@code name:host-gateway}.
   *
   * @throws Fault.InvalidArgument with Docker's text when it is none
   */
  public static ExtraHost parse(String text) {
    int at = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
    if (at <= 0) {
      throw new Fault.InvalidArgument("bad format for add-host: \"" + text + "\"");
    }
    String value = text.substring(at + 1);
    if (value.equals("host-gateway")) {
      return new ExtraHost(text.substring(0, at), Optional.empty());
    }
    if (value.startsWith("[") && value.endsWith("]")) {
      value = value.substring(1, value.length() - 1);
    }
    try {
      return new ExtraHost(text.substring(0, at), Optional.of(Subnet.parseAddress(value)));
    } catch (Fault.InvalidArgument e) {
      throw new Fault.InvalidArgument("invalid IP address in add-host: \"" + value + "\"", e);
    }
  }
}
