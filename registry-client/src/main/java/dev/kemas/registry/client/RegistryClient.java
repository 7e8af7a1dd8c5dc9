package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

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

  /** How registries are reached. */
  public RegistrySettings settings() {
    return settings;
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
        endpoints(name.domain()).stream()
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
        endpoint.prefix() + name.path(),
        new Authorizer(
            transport,
            tokens,
            endpoint,
            List.of(access.scope(endpoint.prefix() + name.path())),
            shown));
  }

  /**
   * Asks a registry whether it knows somebody.
   *
   * @param server host with optional port, or Docker Hub's address in any of its forms
   * @return a token to be shown instead of the password from now on; empty where the registry gives
   *     none
   * @throws Fault.Unauthenticated when it does not
   * @throws Fault.Unavailable when it cannot be reached
   */
  public Optional<String> login(String server, RegistryLogin login) {
    return itself(domain(server), new LoginCheck(transport, tokens, login)::at);
  }

  /**
   * Looks for repositories.
   *
   * @param term words, after a registry's host and a slash where it is not Docker Hub
   * @param limit the most results
   * @throws Fault.Unavailable when the registry cannot be reached
   * @throws Fault.Unsupported when it cannot be searched
   */
  public List<SearchResult> search(String term, int limit, RegistryLogin login) {
    Search search = Search.of(transport, tokens, term, limit, login);
    return itself(search.domain(), search::at);
  }

  /** The domain in names for an address that people log in at. */
  public static String domain(String server) {
    String host = server.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return switch (host) {
      case "", "index.docker.io", "registry-1.docker.io", "hub.docker.com" -> "docker.io";
      default -> host;
    };
  }

  /** Asks a registry, not its mirrors; over plain HTTP where it may and does not speak TLS. */
  private <T> T itself(String domain, Function<Endpoint, T> question) {
    Fault last = new Fault.Unavailable("no endpoint is known for " + domain);
    for (Endpoint endpoint : endpoints(domain)) {
      if (endpoint.mirror()) {
        continue;
      }
      try {
        T answer = question.apply(endpoint);
        answered.put(domain, endpoint);
        return answer;
      } catch (Fault.Unavailable e) {
        last = e;
      }
    }
    throw last;
  }

  private List<Endpoint> endpoints(String domain) {
    List<Endpoint> endpoints = new ArrayList<>(Endpoint.of(domain, settings));
    Optional.ofNullable(answered.get(domain))
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
