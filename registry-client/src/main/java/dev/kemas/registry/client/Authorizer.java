package dev.kemas.registry.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Answers challenges, for one repository at one endpoint; remembers the answer. Thread-safe. */
final class Authorizer {
  private static final int MOST = 1 << 20;

  private final Transport transport;
  private final Endpoint endpoint;
  private final Reference name;
  private final RegistryLogin login;
  private volatile Optional<String> header = Optional.empty();

  Authorizer(Transport transport, Endpoint endpoint, Reference name, RegistryLogin login) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.name = name;
    this.login = login;
  }

  /** The value of the Authorization header, once a challenge was answered. */
  Optional<String> header() {
    return header;
  }

  /**
   * Answers a challenge.
   *
   * @return whether there is something new to show
   * @throws Fault.Unauthenticated when the token service refuses
   */
  boolean answer(HttpResponse<InputStream> refusal) {
    Optional<Challenge> challenge = Challenge.of(refusal.headers().allValues("WWW-Authenticate"));
    Optional<String> before = header;
    if (challenge.isPresent()) {
      header =
          challenge.get().scheme().equals("basic") ? basic() : Optional.of(token(challenge.get()));
    }
    return header.isPresent() && !header.equals(before);
  }

  private Optional<String> basic() {
    if (login.username().isEmpty()) {
      return Optional.empty();
    }
    String pair = login.username() + ":" + login.password();
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private String token(Challenge challenge) {
    String scope = challenge.parameter("scope");
    String wanted = scope.isEmpty() ? "repository:" + name.path() + ":pull" : scope;
    URI realm = realm(challenge);
    HttpRequest.Builder request = HttpRequest.newBuilder().header("Accept", "application/json");
    Optional<String> shown = Optional.empty();
    if (login.identityToken().isEmpty()) {
      String mark = realm.getRawQuery() == null ? "?" : "&";
      realm =
          URI.create(
              realm
                  + mark
                  + "service="
                  + encode(challenge.parameter("service"))
                  + "&scope="
                  + encode(wanted));
      request.GET();
      shown = basic();
    } else {
      String form =
          "grant_type=refresh_token&client_id=kemas&service="
              + encode(challenge.parameter("service"))
              + "&scope="
              + encode(wanted)
              + "&refresh_token="
              + encode(login.identityToken());
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    HttpResponse<InputStream> response = transport.send(endpoint, request, realm, shown);
    if (response.statusCode() != 200) {
      Transport.close(response);
      throw new Fault.Unauthenticated(
          "unauthorized: the token service "
              + realm.getAuthority()
              + " of "
              + name.domain()
              + " answers "
              + response.statusCode()
              + ": check user name and password, or log in");
    }
    return "Bearer " + read(response);
  }

  /** A token is a secret: it goes where the registry says, but over TLS if the registry has it. */
  private URI realm(Challenge challenge) {
    URI realm;
    try {
      realm = endpoint.base().resolve(URI.create(challenge.parameter("realm")));
    } catch (IllegalArgumentException e) {
      throw new Fault.Unavailable(
          "registry " + name.domain() + " names a malformed token service", e);
    }
    if (!"https".equals(realm.getScheme()) && endpoint.verified()) {
      throw new Fault.Unauthenticated(
          "registry " + name.domain() + " asks for credentials over plain http: refused");
    }
    return realm;
  }

  private String read(HttpResponse<InputStream> response) {
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
    return access;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
