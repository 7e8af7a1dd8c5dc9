package dev.kemas.api.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request being put together: method, path without the version prefix, query, headers, body.
 * Mutable; used by one thread and sent once.
 */
public final class Request {
  /** Writes a body of unknown length; it is sent in chunks as it is written. */
  @FunctionalInterface
  public interface BodyWriter {
    /** Writes everything; the stream is closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  private final String method;
  private final StringBuilder path;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private boolean versioned = true;
  private char separator = '?';
  private byte[] body = new byte[0];
  private Optional<BodyWriter> stream = Optional.empty();

  private Request(String method, String path) {
    this.method = method;
    this.path = new StringBuilder(path);
  }

  /** GET of {@code path}, which starts with a slash; its variable parts are {@link #encode}d. */
  public static Request get(String path) {
    return new Request("GET", path);
  }

  /** HEAD of {@code path}. */
  public static Request head(String path) {
    return new Request("HEAD", path);
  }

  /** POST to {@code path}. */
  public static Request post(String path) {
    return new Request("POST", path);
  }

  /** PUT to {@code path}. */
  public static Request put(String path) {
    return new Request("PUT", path);
  }

  /** DELETE of {@code path}. */
  public static Request delete(String path) {
    return new Request("DELETE", path);
  }

  /** Adds a query parameter; the same name may come several times. */
  public Request query(String name, String value) {
    path.append(separator).append(encode(name)).append('=').append(encode(value));
    separator = '&';
    return this;
  }

  /** Adds {@code name=1} if {@code value}. */
  public Request query(String name, boolean value) {
    return value ? query(name, "1") : this;
  }

  /** Adds a query parameter if there is something to say. */
  public Request queryIf(String name, String value) {
    return value.isEmpty() ? this : query(name, value);
  }

  /** Sets a header. */
  public Request header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Sends a JSON body. */
  public Request body(Json json) {
    this.body = json.write().getBytes(StandardCharsets.UTF_8);
    return header("Content-Type", "application/json");
  }

  /** Sends what {@code writer} writes, in chunks, while it writes. */
  public Request body(String contentType, BodyWriter writer) {
    this.stream = Optional.of(writer);
    return header("Content-Type", contentType);
  }

  /** Sends the path as it is, without the API version before it. */
  public Request unversioned() {
    versioned = false;
    return this;
  }

  String method() {
    return method;
  }

  String target(String version) {
    return versioned ? "/v" + version + path : path.toString();
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  Optional<BodyWriter> stream() {
    return stream;
  }

  boolean isVersioned() {
    return versioned;
  }

  boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Percent-encodes everything that is not unreserved (RFC 3986, section 2.3). */
  public static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append("0123456789ABCDEF".charAt(c >> 4));
        out.append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return out.toString();
  }
}
