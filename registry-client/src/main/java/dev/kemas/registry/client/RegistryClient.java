package dev.kemas.registry.client;

import dev.kemas.oci.Reference;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Access to registries. Nothing is connected before it is needed. Thread-safe. */
public final class RegistryClient {
  private final Map<String, String> environment;
  private volatile RegistrySettings settings;
  private volatile Transport transport;
  private final Tokens tokens = new Tokens(Clock.systemUTC());
  // an insecure registry that speaks plain HTTP may let a TLS handshake run into its time limit
  private final Map<String, Endpoint> answered = new ConcurrentHashMap<>();

  /**
   * @param environment where proxies are read from: HTTP_PROXY, HTTPS_PROXY, NO_PROXY
   */
  public RegistryClient(RegistrySettings settings, Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.settings = settings;
    this.transport = new Transport(settings, environment);
  }

  /** The repository of a name, for one piece of work that reads. */
  public Repository repository(Reference name, RegistryLogin login) {
    return repository(name, login, Access.PULL);
  }

  /**
   * The repository of a name, for one piece of work.
   *
   * @param access with {@link Access#PUSH} mirrors are left out, since they only follow
   */
  public Repository repository(Reference name, RegistryLogin login, Access access) {
    List<Session> sessions =
        endpoints(name).stream()
            .filter(e -> access == Access.PULL || !e.mirror())
            .map(e -> session(e, name, login, access))
            .toList();
    return new Repository(sessions, name, access, settings, e -> remember(name, e));
  }

  private Session session(Endpoint endpoint, Reference name, RegistryLogin login, Access access) {
    // who logged in at a registry did not log in at its mirror
    RegistryLogin shown = endpoint.mirror() ? RegistryLogin.ANONYMOUS : login;
    return new Session(
        transport,
        endpoint,
        name.path(),
        new Authorizer(transport, tokens, endpoint, List.of(access.scope(name.path())), shown));
  }

  private List<Endpoint> endpoints(Reference name) {
    List<Endpoint> endpoints = new ArrayList<>(Endpoint.of(name, settings));
    Optional.ofNullable(answered.get(name.domain()))
        .filter(endpoints::remove)
        .ifPresent(known -> endpoints.add(mirrors(endpoints), known));
    return endpoints;
  }

  private static int mirrors(List<Endpoint> endpoints) {
    return (int) endpoints.stream().filter(Endpoint::mirror).count();
  }

  private void remember(Reference name, Endpoint endpoint) {
    if (!endpoint.mirror()) {
      answered.put(name.domain(), endpoint);
    }
  }

  /** Lets other settings hold; work that has begun goes on with the old ones. */
  public void reload(RegistrySettings other) {
    transport = new Transport(other, environment);
    settings = other;
    answered.clear();
  }
}
