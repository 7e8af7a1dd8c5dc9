package dev.kemas.registry.server.http;

import dev.kemas.oci.Json;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.Uploads;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** One request and the answer to it. For the one thread that handles it. */
public final class Exchange {
  static final String JSON = "application/json";

  private final Request request;
  private final Response response;
  private final Fields query;

  Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
    this.query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
  }

  String method() {
    return request.getMethod();
  }

  /** The path, decoded; a plus sign stands for itself. */
  static String path(Request request) {
    String raw = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      Refusal refusal =
          new Refusal(ErrorCode.NAME_INVALID, "invalid URL escape in the path: \"" + raw + "\"");
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.getValue(name));
  }

  List<String> parameters(String name) {
    return Optional.ofNullable(query.getValues(name)).orElse(List.of());
  }

  /**
   * How many entries a client wants.
   *
   * @throws Refusal {@code PAGINATION_NUMBER_INVALID}
   */
  OptionalInt count() {
    Optional<String> text = parameter("n").filter(n -> !n.isEmpty());
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseUnsignedInt(text.get()));
    } catch (NumberFormatException e) {
      Refusal refusal =
          new Refusal(
              ErrorCode.PAGINATION_NUMBER_INVALID,
              "invalid number of results requested: want n=NUMBER",
              Map.of("n", text.get()));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  InputStream body() {
    return Content.Source.asInputStream(request);
  }

  /** The body as it comes from the network; to be asked for once. */
  Uploads.Pieces pieces() {
    return new RequestPieces(request);
  }

  /** Bytes of the body as the client said them; -1 when it did not. */
  long bodyLength() {
    return request.getLength();
  }

  /** Scheme and host by which the client knows this server. */
  String origin() {
    return (request.isSecure() ? "https://" : "http://")
        + header("Host").orElse(Request.getServerName(request));
  }

  Exchange with(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  Exchange with(HttpHeader name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  /** Answers a status without a body. */
  void status(int status) throws IOException {
    response.setStatus(status);
    if (status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    }
    Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
  }

  /** Answers a value. */
  void json(int status, String type, Object value) throws IOException {
    bytes(status, type, ByteBuffer.wrap(Json.write(value)));
  }

  /** Answers bytes; to a HEAD their length. */
  void bytes(int status, String type, ByteBuffer body) throws IOException {
    head(status, type, body.remaining());
    Content.Sink.write(response, true, body);
  }

  /** Sets what a body is, for it to be written with {@link #write}. */
  void head(int status, String type, long length) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
  }

  /** Writes some of a body; returns when the buffer may be used again. */
  void write(boolean last, ByteBuffer bytes) throws IOException {
    Content.Sink.write(response, last, bytes);
  }

  /** Writes some of a body without waiting; the buffer may be used again when it is done. */
  CompletableFuture<Void> send(boolean last, ByteBuffer bytes) {
    return Callback.Completable.with(callback -> response.write(last, bytes, callback));
  }

  boolean isGet() {
    return method().equals("GET") || isHead();
  }

  boolean isHead() {
    return method().equals("HEAD");
  }

  /** Whether the client has this already (RFC 9110, section 13.1.2). */
  boolean hasAlready(String etag) {
    return header("If-None-Match")
        .filter(known -> known.contains(etag) || known.strip().equals("*"))
        .isPresent();
  }
}
