package dev.kemas.registry.server.http;

import dev.kemas.registry.server.auth.Gate;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.watch.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.MultiMap;
import org.eclipse.jetty.util.UrlEncoded;

/** What belongs to no repository: tokens, figures, and what old clients ask first. */
final class OtherHandler {
  private static final int LARGEST_FORM = 64 * 1024;
  private final Gate gate;
  private final Metrics metrics;

  OtherHandler(Gate gate, Metrics metrics) {
    this.gate = gate;
    this.metrics = metrics;
  }

  /**
   * Gives a token (distribution project, "Token Authentication Specification"): GET with basic
   * credentials, or POST with a form as OAuth 2.0 has it (RFC 6749, section 4.3).
   */
  void token(Exchange exchange) throws IOException {
    Optional<String> user = Optional.empty();
    Optional<String> password = Optional.empty();
    List<String> scopes = exchange.parameters("scope");
    if (exchange.method().equals("POST")) {
      MultiMap<String> form = form(exchange);
      if (!"password".equals(form.getString("grant_type"))) {
        throw new Refusal(
            ErrorCode.UNSUPPORTED, "want grant_type=password: refresh tokens are not given");
      }
      user = Optional.of(Optional.ofNullable(form.getString("username")).orElse(""));
      password = Optional.of(Optional.ofNullable(form.getString("password")).orElse(""));
      scopes = Optional.ofNullable(form.getValues("scope")).orElse(List.of());
    }
    // a scope parameter may name several, parted by spaces
    List<String> each =
        scopes.stream().flatMap(scope -> List.of(scope.split(" ")).stream()).toList();
    Map<String, Object> answer =
        gate.token(exchange.header("Authorization"), user, password, each, exchange.origin())
            .orElseThrow(
                () -> new Dispatcher.NoSuchPage("404 page not found: this registry has no tokens"));
    exchange.with("Cache-Control", "no-store").json(200, Exchange.JSON, answer);
  }

  private static MultiMap<String> form(Exchange exchange) throws IOException {
    byte[] bytes = exchange.body().readNBytes(LARGEST_FORM);
    MultiMap<String> form = new MultiMap<>();
    UrlEncoded.decodeTo(new String(bytes, StandardCharsets.UTF_8), form, StandardCharsets.UTF_8);
    return form;
  }

  void metrics(Exchange exchange) throws IOException {
    exchange.bytes(
        200, Metrics.TYPE, ByteBuffer.wrap(metrics.text().getBytes(StandardCharsets.UTF_8)));
  }

  /** {@code docker search} asks this before it searches. */
  void ping(Exchange exchange) throws IOException {
    exchange
        .with("X-Docker-Registry-Version", "2.0")
        .with("X-Docker-Registry-Standalone", "true")
        .json(200, Exchange.JSON, Map.of("standalone", true));
  }
}
