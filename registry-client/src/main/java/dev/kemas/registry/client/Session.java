package dev.kemas.registry.client;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** One repository at one endpoint, asked with the right thing to show. Thread-safe. */
final class Session {
  private final Transport transport;
  private final Endpoint endpoint;
  private final String path;
  private final Authorizer authorizer;

  /**
   * @param path of the repository, as this endpoint has it
   */
  Session(Transport transport, Endpoint endpoint, String path, Authorizer authorizer) {
    this.transport = transport;
    this.endpoint = endpoint;
    this.path = path;
    this.authorizer = authorizer;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Where something of the repository lies. */
  URI at(String rest) {
    return endpoint.resolve("/v2/" + path + rest);
  }

  /** Sends a request and answers the challenge that may come. */
  HttpResponse<InputStream> ask(HttpRequest.Builder request, URI to) {
    return ask(shown -> transport.send(endpoint, request, to, shown), to);
  }

  /** The same with a body that is watched while it goes out. */
  HttpResponse<InputStream> ask(HttpRequest.Builder request, URI to, SentBody body) {
    return ask(shown -> transport.send(endpoint, request, to, shown, body), to);
  }

  private interface Sending {
    HttpResponse<InputStream> with(Optional<String> authorization);
  }

  private HttpResponse<InputStream> ask(Sending sending, URI to) {
    if (!to.getAuthority().equals(endpoint.base().getAuthority())) {
      return sending.with(Optional.empty()); // what is shown to the registry is nobody else's
    }
    Optional<String> shown = authorizer.header();
    HttpResponse<InputStream> response = sending.with(shown);
    if (response.statusCode() == 401 && authorizer.answer(response, shown)) {
      Transport.close(response);
      return sending.with(authorizer.header());
    }
    return response;
  }
}
