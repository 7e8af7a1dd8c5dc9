package dev.kemas.registry.client;

import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Access to registries. Nothing is connected before it is needed. Thread-safe. */
public final class RegistryClient {
  private final RegistrySettings settings;
  private final Transport transport;
  // an insecure registry that speaks plain HTTP may let a TLS handshake run into its time limit
  private final Map<String, Endpoint> answered = new ConcurrentHashMap<>();

  /**
   * @param environment where proxies are read from: HTTP_PROXY, HTTPS_PROXY, NO_PROXY
   */
  public RegistryClient(RegistrySettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.transport = new Transport(settings, environment);
  }

  /** The repository of a name, for one piece of work. */
  public Repository repository(Reference name, RegistryLogin login) {
    List<Endpoint> endpoints = new ArrayList<>(Endpoint.of(name, settings));
    Optional.ofNullable(answered.get(name.domain()))
        .filter(endpoints::remove)
        .ifPresent(known -> endpoints.add(mirrors(endpoints), known));
    return new Repository(transport, name, login, List.copyOf(endpoints), this::remember);
  }

  private static int mirrors(List<Endpoint> endpoints) {
    return (int) endpoints.stream().filter(Endpoint::mirror).count();
  }

  private void remember(Reference name, Endpoint endpoint) {
    if (!endpoint.mirror()) {
      answered.put(name.domain(), endpoint);
    }
  }
}
