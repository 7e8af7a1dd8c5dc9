package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers the challenges of one endpoint for one piece of work. Thread-safe. */
final class Authorizer {
  private static final int MOST = 1 << 20;

  /** What distribution's token specification says a token without {@code expires_in} lives. */
  private static final long DEFAULT_SECONDS = 60;

  private final Transport transport;
  private final Tokens tokens;
  private final Endpoint endpoint;
  private final List<String> scopes;
  private final RegistryLogin login;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<String> header;

  /** A token and, where one was asked for, what later gets another. */
  record Grant(String token, String refresh, long seconds) {}

  /**
   * @param scopes what is wanted at least; a challenge may ask for more
   */
  Authorizer(
      Transport transport,
      Tokens tokens,
      Endpoint endpoint,
      List<String> scopes,
      RegistryLogin login) {
    this.transport = transport;
    this.tokens = tokens;
    this.endpoint = endpoint;
    this.scopes = List.copyOf(scopes);
    this.login = login;
    this.header = first();
  }

  private Optional<String> first() {
    if (!login.registryToken().isEmpty()) {
      return Optional.of("Bearer " + login.registryToken());
    }
    return tokens
        .challenge(endpoint.base())
        .flatMap(challenge ->
            challenge.scheme().equals("basic")
                ? basic()
                : tokens
                    .get(Tokens.key(endpoint.base(), challenge, wanted(challenge), login))
                    .map(t -> "Bearer " + t));
  }

  /** The value of the Authorization header, once a challenge was answered. */
  Optional<String> header() {
    return header;
  }

  /**
   * Answers a challenge.
   *
   * @param shown what the refused request had
   * @return whether there is something else to show
   * @throws Fault.Unauthenticated when the token service refuses
   */
  boolean answer(HttpResponse<InputStream> refusal, Optional<String> shown) {
    Optional<Challenge> challenge = Challenge.of(refusal.headers().allValues("WWW-Authenticate"));
    if (challenge.isEmpty() || !login.registryToken().isEmpty()) {
      return false;
    }
    lock.lock();
    try {
      if (!header.equals(shown)) {
        return true; // another request was refused too and has its answer
      }
      tokens.remember(endpoint.base(), challenge.get());
      header =
          challenge.get().scheme().equals("basic")
              ? basic()
              : Optional.of("Bearer " + token(challenge.get(), shown));
      return header.isPresent() && !header.equals(shown);
    } finally {
      lock.unlock();
    }
  }

  /** Name and password, if there is a name. */
  Optional<String> basic() {
    if (login.username().isEmpty()) {
      return Optional.empty();
    }
    String pair = login.username() + ":" + login.password();
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private SortedSet<String> wanted(Challenge challenge) {
    return Stream.concat(scopes.stream(), Stream.of(challenge.parameter("scope").split(" ", -1)))
        .filter(scope -> !scope.isBlank())
        .filter(scope -> scopes.stream().noneMatch(s -> covers(s, scope)))
        .collect(Collectors.toCollection(() -> new TreeSet<>(scopes)));
  }

  private static boolean covers(String mine, String other) {
    return mine.equals(other.replaceFirst(":pull$", ":pull,push"));
  }

  private String token(Challenge challenge, Optional<String> refused) {
    SortedSet<String> wanted = wanted(challenge);
    String key = Tokens.key(endpoint.base(), challenge, wanted, login);
    Optional<String> known = tokens.get(key);
    if (known.isPresent() && !refused.equals(known.map(t -> "Bearer " + t))) {
      return known.get();
    }
    tokens.forget(key);
    Grant grant = grant(challenge, wanted, false);
    tokens.put(key, grant.token(), grant.seconds());
    return grant.token();
  }

  /**
   * Asks the token service.
   *
   * @param offline whether a refresh token is wanted too
   */
  Grant grant(Challenge challenge, SortedSet<String> wanted, boolean offline) {
    URI realm = realm(challenge);
    HttpRequest.Builder request = HttpRequest.newBuilder().header("Accept", "application/json");
    Optional<String> shown = Optional.empty();
    StringBuilder asked = new StringBuilder("service=" + encode(challenge.parameter("service")));
    if (login.identityToken().isEmpty()) {
      wanted.forEach(scope -> asked.append("&scope=").append(encode(scope)));
      if (offline) {
        asked.append("&offline_token=true&client_id=kemas");
      }
      if (!login.username().isEmpty()) {
        asked.append("&account=").append(encode(login.username()));
      }
      realm = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + asked);
      request.GET();
      shown = basic();
    } else {
      asked
          .append("&grant_type=refresh_token&client_id=kemas&scope=")
          .append(encode(String.join(" ", wanted)))
          .append("&refresh_token=")
          .append(encode(login.identityToken()));
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(asked.toString()));
    }
    HttpResponse<InputStream> response = transport.send(endpoint, request, realm, shown);
    if (response.statusCode() != 200) {
      throw refused(response, realm);
    }
    return read(response);
  }

  private Fault refused(HttpResponse<InputStream> response, URI realm) {
    int status = response.statusCode();
    String said = Failures.said(response);
    String who = "the token service " + realm.getAuthority() + " of " + endpoint.host();
    if (status == 401 || status == 403) {
      return new Fault.Unauthenticated(
          "unauthorized: "
              + (said.isEmpty() ? "incorrect username or password" : said)
              + ": "
              + who
              + " answers "
              + status
              + ": check user name and password, or log in");
    }
    return new Fault.Unavailable(who + " answers " + status + (said.isEmpty() ? "" : ": " + said));
  }

  /** A token is a secret: it goes where the registry says, but over TLS if the registry has it. */
  private URI realm(Challenge challenge) {
    URI realm;
    try {
      realm = endpoint.base().resolve(URI.create(challenge.parameter("realm")));
    } catch (IllegalArgumentException e) {
      throw new Fault.Unavailable(
          "registry " + endpoint.host() + " names a malformed token service", e);
    }
    if (!"https".equals(realm.getScheme()) && endpoint.verified()) {
      throw new Fault.Unauthenticated(
          "registry " + endpoint.host() + " asks for credentials over plain http: refused");
    }
    return realm;
  }

  private Grant read(HttpResponse<InputStream> response) {
    JsonNode answer;
    try (InputStream in = response.body()) {
      answer = Json.read(in.readNBytes(MOST), JsonNode.class, "token");
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "token service " + response.uri().getAuthority() + " breaks off: " + e.getMessage(), e);
    }
    String token = answer.path("token").asText("");
    String access = token.isEmpty() ? answer.path("access_token").asText("") : token;
    if (access.isEmpty()) {
      throw new Fault.Unauthenticated(
          "token service " + response.uri().getAuthority() + " gives no token");
    }
    long seconds = answer.path("expires_in").asLong(DEFAULT_SECONDS);
    return new Grant(
        access, answer.path("refresh_token").asText(""), Math.max(DEFAULT_SECONDS, seconds));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
