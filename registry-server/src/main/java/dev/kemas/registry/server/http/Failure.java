package dev.kemas.registry.server.http;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An error of the API on the wire (distribution-spec, "Error Codes"). */
record Failure(int status, ErrorCode code, String message, Map<String, String> detail) {
  /** A detail that is a header (RFC 9110, section 11.6.1). */
  private static final String CHALLENGE = "challenge";

  private static final List<String> KEPT =
      List.of("Location", "Range", "Docker-Upload-UUID", "Retry-After");

  static Failure of(Exception e) {
    return switch (e) {
      case Refusal refusal ->
          new Failure(
              refusal.code().status(),
              refusal.code(),
              Optional.ofNullable(refusal.getMessage()).orElse(refusal.code().name()),
              refusal.detail());
      case Dispatcher.NoSuchPage page ->
          new Failure(404, ErrorCode.UNSUPPORTED, page.text(), Map.of());
      case Fault fault -> ofFault(fault);
      default -> of(ErrorCode.UNKNOWN, Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    };
  }

  private static Failure ofFault(Fault fault) {
    return switch (fault) {
      case Fault.NotFound f -> of(ErrorCode.BLOB_UNKNOWN, f.getMessage());
      case Fault.Conflict f -> of(ErrorCode.TOOMANYREQUESTS, f.getMessage());
      case Fault.InvalidArgument f -> of(ErrorCode.NAME_INVALID, f.getMessage());
      case Fault.NotModified f -> of(ErrorCode.UNKNOWN, f.getMessage());
      case Fault.Forbidden f -> of(ErrorCode.DENIED, f.getMessage());
      case Fault.Unauthenticated f -> of(ErrorCode.UNAUTHORIZED, f.getMessage());
      case Fault.Unavailable f -> of(ErrorCode.UNAVAILABLE, f.getMessage());
      case Fault.Unsupported f -> of(ErrorCode.UNSUPPORTED, f.getMessage());
      case Fault.ResourceExhausted f -> of(ErrorCode.UNAVAILABLE, f.getMessage());
      case Fault.DataLoss f -> of(ErrorCode.UNKNOWN, f.getMessage());
      case Fault.Cancelled f -> of(ErrorCode.UNAVAILABLE, f.getMessage());
      case Fault.Internal f -> of(ErrorCode.UNKNOWN, f.getMessage());
    };
  }

  private static Failure of(ErrorCode code, String message) {
    return new Failure(code.status(), code, message, Map.of());
  }

  /** Takes back what was prepared, but for the headers that belong to an error. */
  void keepHeaders(Response response) {
    HttpFields before = response.getHeaders().asImmutable();
    response.reset();
    for (String name : KEPT) {
      Optional.ofNullable(before.get(name)).ifPresent(v -> response.getHeaders().put(name, v));
    }
  }

  void send(Response response, Callback callback) {
    Optional.ofNullable(detail.get(CHALLENGE))
        .ifPresent(text -> response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, text));
    Map<String, String> shown = new TreeMap<>(detail);
    shown.remove(CHALLENGE);
    Map<String, Object> error = Map.of("code", code.name(), "message", message, "detail", shown);
    byte[] body = Json.write(Map.of("errors", List.of(error)));
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
