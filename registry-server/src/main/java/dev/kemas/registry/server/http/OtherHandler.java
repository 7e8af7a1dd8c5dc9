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
   * credentials, or POST with a form as OAuth 2.0 has it (RFC 6749, sections 4.3 and 6).
   */
  void token(Exchange exchange) throws IOException {
    Gate.TokenRequest request =
        exchange.method().equals("POST") ? posted(exchange) : asked(exchange);
    Map<String, Object> answer =
        gate.token(request, exchange.origin())
            .orElseThrow(
                () -> new Dispatcher.NoSuchPage("404 page not found: this registry has no tokens"));
    exchange.with("Cache-Control", "no-store").json(200, Exchange.JSON, answer);
  }

  private static Gate.TokenRequest asked(Exchange exchange) {
    return new Gate.TokenRequest(
        exchange.header("Authorization"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        exchange.parameter("offline_token").filter("true"::equals).isPresent(),
        each(exchange.parameters("scope")));
  }

  private static Gate.TokenRequest posted(Exchange exchange) throws IOException {
    MultiMap<String> form = form(exchange);
    String type = field(form, "grant_type").orElse("");
    boolean offline = field(form, "access_type").filter("offline"::equals).isPresent();
    List<String> scopes = each(Optional.ofNullable(form.getValues("scope")).orElse(List.of()));
    return switch (type) {
      case "password" ->
          new Gate.TokenRequest(
              Optional.empty(),
              field(form, "username").or(() -> Optional.of("")),
              field(form, "password").or(() -> Optional.of("")),
              Optional.empty(),
              offline,
              scopes);
      case "refresh_token" ->
          new Gate.TokenRequest(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              field(form, "refresh_token").or(() -> Optional.of("")),
              offline,
              scopes);
      default ->
          throw new Refusal(
              ErrorCode.UNSUPPORTED, "want grant_type=password or grant_type=refresh_token");
    };
  }

  private static Optional<String> field(MultiMap<String> form, String name) {
    return Optional.ofNullable(form.getString(name));
  }

  /** A scope parameter may name several, parted by spaces. */
  private static List<String> each(List<String> scopes) {
    return scopes.stream().flatMap(scope -> List.of(scope.split(" ")).stream()).toList();
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
