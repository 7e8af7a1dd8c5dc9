package dev.kemas.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names of one network: who answers to which, and back. Immutable; names count without regard
 * to case.
 */
public final class NameTable {
  private final String network;
  private final Map<String, List<InetAddress>> forward;
  private final Map<InetAddress, String> reverse;

  /**
   * @param network the name of the network
   * @param forward the addresses of each name, which alone or with the network's name behind it
   * @param reverse the full name of each address
   */
  public NameTable(
      String network, Map<String, List<InetAddress>> forward, Map<InetAddress, String> reverse) {
    this.network = network.toLowerCase(Locale.ROOT);
    Map<String, List<InetAddress>> names = new HashMap<>();
    forward.forEach((name, addresses) ->
        names
            .computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
            .addAll(addresses));
    this.forward = Map.copyOf(names);
    this.reverse = Map.copyOf(reverse);
  }

  /**
   * The addresses of a name, alone or with the network's name behind it; empty: the name is not
   * known here.
   */
  Optional<List<InetAddress>> find(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    Optional<List<InetAddress>> plain = Optional.ofNullable(forward.get(key));
    if (plain.isPresent() || !key.endsWith("." + network)) {
      return plain;
    }
    return Optional.ofNullable(forward.get(key.substring(0, key.length() - network.length() - 1)));
  }

  /** The name of an address. */
  Optional<String> find(InetAddress address) {
    return Optional.ofNullable(reverse.get(address));
  }
}
