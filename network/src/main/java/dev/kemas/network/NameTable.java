package dev.kemas.network;

import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of one network: who answers to which, and back. Immutable; names count without regard
 * to case.
 */
final class NameTable {
  private final String network;
  private final Map<String, List<InetAddress>> forward;
  private final Map<InetAddress, String> reverse;

  private NameTable(
      String network, Map<String, List<InetAddress>> forward, Map<InetAddress, String> reverse) {
    this.network = network;
    this.forward = Map.copyOf(forward);
    this.reverse = Map.copyOf(reverse);
  }

  /** The table of a network from all that are connected to it. */
  static NameTable of(Network network, List<StoredSandbox> sandboxes) {
    Map<String, List<InetAddress>> forward = new HashMap<>();
    Map<InetAddress, String> reverse = new HashMap<>();
    for (StoredSandbox sandbox : sandboxes) {
      for (StoredEndpoint endpoint : sandbox.endpoints()) {
        if (endpoint.network().equals(network.id())) {
          for (String name : names(sandbox.container(), endpoint.aliases())) {
            forward
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .addAll(endpoint.addresses());
          }
          endpoint
              .addresses()
              .forEach(a -> reverse.put(a, sandbox.container().name() + "." + network.name()));
        }
      }
    }
    return new NameTable(network.name().toLowerCase(Locale.ROOT), forward, reverse);
  }

  /** What a container answers to: its name, its aliases, its short id, its host name. */
  static List<String> names(SandboxSpec.Container container, List<String> aliases) {
    Set<String> names = new LinkedHashSet<>();
    names.add(container.name());
    names.addAll(aliases);
    names.add(container.shortId());
    names.add(container.hostname());
    names.removeIf(String::isEmpty);
    return List.copyOf(names);
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
