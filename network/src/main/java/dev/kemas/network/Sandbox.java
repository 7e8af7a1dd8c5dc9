package dev.kemas.network;

import dev.kemas.dns.DnsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A container's network as it is.
 *
 * @param id as asked for
 * @param container who it is for
 * @param namespace the file that keeps the network namespace, for the runtime spec's {@code
 *     linux.namespaces[].path}; empty: the host's own namespace
 * @param endpoints in the order of connection
 * @param ports what is published, in the order of the wish
 * @param dns what the container said itself
 */
public record Sandbox(
    String id,
    SandboxSpec.Container container,
    Optional<Path> namespace,
    List<Endpoint> endpoints,
    List<PublishedPort> ports,
    DnsSettings dns) {
  public Sandbox {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  /** The connection to a network, by the network's name or id. */
  public Optional<Endpoint> endpoint(String network) {
    return endpoints.stream()
        .filter(e -> e.networkName().equals(network) || e.networkId().equals(network))
        .findFirst();
  }

  /** The connection that is the way out. */
  public Optional<Endpoint> gateway() {
    return endpoints.stream().filter(Endpoint::isGateway).findFirst();
  }
}
