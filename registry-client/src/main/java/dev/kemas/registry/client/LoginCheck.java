package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Whether a registry knows somebody (distribution-spec, "Determining Support"). */
final class LoginCheck {
  private final Transport transport;
  private final Tokens tokens;
  private final RegistryLogin login;

  LoginCheck(Transport transport, Tokens tokens, RegistryLogin login) {
    this.transport = transport;
    this.tokens = tokens;
    this.login = login;
  }

  /** A token to be shown from now on, if there is one. */
  Optional<String> at(Endpoint endpoint) {
    Authorizer authorizer = new Authorizer(transport, tokens, endpoint, List.of(), login);
    URI support = endpoint.resolve("/v2/");
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    HttpResponse<InputStream> response =
        transport.send(endpoint, request, support, Optional.empty());
    if (response.statusCode() != 401) {
      require(response, support);
      return Optional.empty(); // nobody has to say who he is
    }
    Optional<Challenge> challenge = Challenge.of(response.headers().allValues("WWW-Authenticate"));
    Transport.close(response);
    if (challenge.isEmpty()) {
      throw new Fault.Unauthenticated(
          "login attempt to "
              + support
              + " failed: the registry wants neither a password nor a token");
    }
    if (challenge.get().scheme().equals("basic")) {
      require(transport.send(endpoint, request, support, authorizer.basic()), support);
      return Optional.empty();
    }
    Authorizer.Grant grant = authorizer.grant(challenge.get(), new TreeSet<>(), true);
    require(
        transport.send(endpoint, request, support, Optional.of("Bearer " + grant.token())),
        support);
    return Optional.of(grant.refresh()).filter(token -> !token.isEmpty());
  }

  private static void require(HttpResponse<InputStream> response, URI support) {
    Transport.close(response);
    int status = response.statusCode();
    if (status == 401) {
      throw new Fault.Unauthenticated(
          "login attempt to " + support + " failed with status: 401 Unauthorized");
    }
    if (status != 200) {
      throw new Fault.Unavailable(
          "login attempt to "
              + support
              + " failed with status: "
              + status
              + ": is there a registry?");
    }
  }
}
