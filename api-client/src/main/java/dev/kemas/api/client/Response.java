package dev.kemas.api.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * An answer whose status is not an error. Its body is a stream that the caller reads to the end or
 * closes; read to the end, the connection serves the next request. Closing it from another thread
 * wakes a reader, which then sees the end.
 */
public final class Response implements AutoCloseable {
  private final int status;
  private final Map<String, String> headers;
  private final InputStream body;

  Response(int status, Map<String, String> headers, InputStream body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A header's value; empty where it was not sent. The name's case does not matter. */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** The body as bytes. */
  public InputStream body() {
    return body;
  }

  /** The body as one JSON value; {@link Json.Null} for an empty body. */
  public Json json() {
    try (this) {
      return new JsonReader(body).next().orElse(Json.Null.VALUE);
    }
  }

  /** The body as JSON values one after another. */
  public JsonReader jsonStream() {
    return new JsonReader(body);
  }

  /** The body as text. */
  public String text() {
    try (this) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Faults.broken(e);
    }
  }

  /** Lets go of the connection: reads a short rest, or closes it. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw Faults.broken(e);
    }
  }
}
