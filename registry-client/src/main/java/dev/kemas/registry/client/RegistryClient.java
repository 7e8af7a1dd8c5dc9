package dev.kemas.registry.client;

import dev.kemas.oci.Reference;
import java.util.Map;

/** Access to registries. Nothing is connected before it is needed. Thread-safe. */
public final class RegistryClient {
  private final RegistrySettings settings;
  private final Transport transport;

  /**
   * @param environment where proxies are read from: HTTP_PROXY, HTTPS_PROXY, NO_PROXY
   */
  public RegistryClient(RegistrySettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.transport = new Transport(settings, environment);
  }

  /** The repository of a name, for one piece of work. */
  public Repository repository(Reference name, RegistryLogin login) {
    return new Repository(transport, name, login, Endpoint.of(name, settings));
  }
}
