package dev.kemas.network;

import dev.kemas.dns.NameTable;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the containers of a network are called there. Pure. */
final class NameTables {
  private NameTables() {}

  /** The table of a network from all that are connected to it. */
  static NameTable of(Network network, List<StoredSandbox> sandboxes) {
    Map<String, List<InetAddress>> forward = new HashMap<>();
    Map<InetAddress, String> reverse = new HashMap<>();
    for (StoredSandbox sandbox : sandboxes) {
      for (StoredEndpoint endpoint : sandbox.endpoints()) {
        if (endpoint.network().equals(network.id())) {
          for (String name : names(sandbox.container(), endpoint.aliases())) {
            forward.computeIfAbsent(name, n -> new ArrayList<>()).addAll(endpoint.addresses());
          }
          endpoint
              .addresses()
              .forEach(a -> reverse.put(a, sandbox.container().name() + "." + network.name()));
        }
      }
    }
    return new NameTable(network.name(), forward, reverse);
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
}
