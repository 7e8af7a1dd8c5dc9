package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The operations of an S3-compatible store that a registry needs, on one bucket below one prefix.
 * What may be repeated is repeated, with growing pauses, when the store is out of breath or the
 * connection breaks. Thread-safe.
 */
final class S3Client implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final String NOTHING = Digest.of(new byte[0]).hex();

  private final S3Location location;
  private final S3Signer signer;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  S3Client(S3Location location, Clock clock) {
    this.location = location;
    this.signer = new S3Signer(location);
    this.clock = clock;
  }

  /** What is known of an object. */
  record Facts(long size, Instant writtenAt) {}

  /** An object of a listing; its name is without the prefix. */
  record Listed(String name, long size, Instant writtenAt) {}

  /** Some bytes that are being sent. */
  private record Body(ByteBuffer bytes) {
    static final Body NONE = new Body(new byte[0], 0);

    Body(byte[] bytes, int length) {
      this(ByteBuffer.wrap(bytes, 0, length));
    }

    int length() {
      return bytes.remaining();
    }
  }

  S3Location location() {
    return location;
  }

  Optional<Facts> head(String name) {
    HttpResponse<InputStream> response = send("HEAD", name, Map.of(), Map.of(), Body.NONE);
    drain(response);
    return switch (response.statusCode()) {
      case 200 ->
          Optional.of(
              new Facts(
                  response.headers().firstValueAsLong("Content-Length").orElse(0),
                  writtenAt(response)));
      case 404 -> Optional.empty();
      default -> throw refused("look at", name, response, "");
    };
  }

  /** A whole small object. */
  Optional<Records.Value> read(String name) {
    HttpResponse<InputStream> response = send("GET", name, Map.of(), Map.of(), Body.NONE);
    if (response.statusCode() == 404) {
      drain(response);
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw refused("read", name, response, text(response));
    }
    try (InputStream in = response.body()) {
      return Optional.of(new Records.Value(in.readAllBytes(), writtenAt(response)));
    } catch (IOException e) {
      throw broken("read", name, e);
    }
  }

  /**
   * Some bytes of an object; the caller closes the stream.
   *
   * @throws Fault.NotFound when there is no such object
   */
  InputStream open(String name, long first, long length) {
    Map<String, String> range = Map.of("range", "bytes=" + first + "-" + (first + length - 1));
    HttpResponse<InputStream> response = send("GET", name, Map.of(), range, Body.NONE);
    if (response.statusCode() == 404) {
      drain(response);
      throw new Fault.NotFound("object", name, "there is no " + name + " in " + location);
    }
    if (response.statusCode() != 206) {
      throw refused("read", name, response, text(response));
    }
    return response.body();
  }

  /** Writes an object in the place of what is there. */
  void write(String name, byte[] bytes, int length) {
    expectOk("write", name, send("PUT", name, Map.of(), Map.of(), new Body(bytes, length)));
  }

  /**
   * Writes an object where none is.
   *
   * @return false when there is one; a store that does not know the condition overwrites it
   */
  boolean writeNew(String name, byte[] bytes, int length) {
    HttpResponse<InputStream> response =
        send("PUT", name, Map.of(), Map.of("if-none-match", "*"), new Body(bytes, length));
    if (response.statusCode() == 412) {
      drain(response);
      return false;
    }
    expectOk("write", name, response);
    return true;
  }

  void delete(String name) {
    HttpResponse<InputStream> response = send("DELETE", name, Map.of(), Map.of(), Body.NONE);
    if (response.statusCode() != 204 && response.statusCode() != 404) {
      expectOk("delete", name, response);
    }
    drain(response);
  }

  /** Copies an object within the store. */
  void copy(String from, String to) {
    Map<String, String> source = Map.of("x-amz-copy-source", source(from));
    S3Xml.requireNoError(expectOk("copy to", to, send("PUT", to, Map.of(), source, Body.NONE)), to);
  }

  private String source(String name) {
    return S3Signer.encodePath("/" + location.bucket() + "/" + location.prefix() + name);
  }

  /** Begins an object that is made of parts; gives the id. */
  String beginParts(String name) {
    String xml =
        expectOk("write", name, send("POST", name, Map.of("uploads", ""), Map.of(), Body.NONE));
    return S3Xml.text(xml, "UploadId");
  }

  /** Sends a part; gives its tag. */
  String part(String name, String id, int number, byte[] bytes, int length) {
    HttpResponse<InputStream> response =
        send("PUT", name, part(id, number), Map.of(), new Body(bytes, length));
    expectOk("write a part of", name, response);
    return response.headers().firstValue("ETag").orElse("");
  }

  /** Takes a part from another object; gives its tag. */
  String partFrom(String from, String name, String id, int number) {
    Map<String, String> source = Map.of("x-amz-copy-source", source(from));
    String xml = expectOk("copy to", name, send("PUT", name, part(id, number), source, Body.NONE));
    return S3Xml.text(xml, "ETag");
  }

  private static Map<String, String> part(String id, int number) {
    return Map.of("uploadId", id, "partNumber", Integer.toString(number));
  }

  /** Makes an object of its parts, which becomes visible at once. */
  void complete(String name, String id, List<String> tags) {
    byte[] body = S3Xml.completion(tags).getBytes(StandardCharsets.UTF_8);
    String xml =
        expectOk(
            "complete",
            name,
            send("POST", name, Map.of("uploadId", id), Map.of(), new Body(body, body.length)));
    // a failure may come behind the status (Amazon S3 API Reference, CompleteMultipartUpload)
    S3Xml.requireNoError(xml, name);
  }

  /** Drops the parts. */
  void abort(String name, String id) {
    drain(send("DELETE", name, Map.of("uploadId", id), Map.of(), Body.NONE));
  }

  /**
   * Objects in the order of their names.
   *
   * @param flat whether only those directly below the prefix, without a slash behind it
   * @param after only those behind this name; empty for all
   */
  List<Listed> list(String prefix, boolean flat, String after, int most) {
    Map<String, String> query = new java.util.HashMap<>();
    query.put("list-type", "2");
    query.put("prefix", location.prefix() + prefix);
    query.put("max-keys", Integer.toString(Math.min(most, 1000)));
    if (flat) {
      query.put("delimiter", "/");
    }
    if (!after.isEmpty()) {
      query.put("start-after", location.prefix() + after);
    }
    String xml = expectOk("list", prefix, send("GET", "", query, Map.of(), Body.NONE));
    return S3Xml.listed(xml, location.prefix());
  }

  private HttpResponse<InputStream> send(
      String method,
      String name,
      Map<String, String> query,
      Map<String, String> headers,
      Body body) {
    // an empty name is the bucket itself
    String path = "/" + location.bucket() + (name.isEmpty() ? "" : "/" + location.prefix() + name);
    String hash = body.length() == 0 ? NOTHING : sha256(body);
    IOException last = new IOException("no attempt");
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<InputStream> response =
            http.send(
                signer
                    .sign(method, path, query, headers, hash, clock.instant())
                    .timeout(ANSWER)
                    .method(method, publisher(method, body))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        boolean tired = response.statusCode() == 429 || response.statusCode() >= 500;
        if (!tired || attempt == ATTEMPTS) {
          return response;
        }
        drain(response);
      } catch (IOException e) {
        last = e;
        if (attempt == ATTEMPTS) {
          throw broken(method, name, last);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("interrupted while asking " + location);
      }
      long pause = FIRST_PAUSE.toNanos() << (attempt - 1);
      LockSupport.parkNanos(pause + ThreadLocalRandom.current().nextLong(pause));
    }
  }

  private static HttpRequest.BodyPublisher publisher(String method, Body body) {
    return body.length() == 0 && !method.equals("PUT") && !method.equals("POST")
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofByteArray(body.bytes().array(), 0, body.length());
  }

  private static String sha256(Body body) {
    MessageDigest hash = Digest.sha256Hasher();
    hash.update(body.bytes().duplicate());
    return HexFormat.of().formatHex(hash.digest());
  }

  private String expectOk(String doing, String name, HttpResponse<InputStream> response) {
    String text = text(response);
    if (response.statusCode() != 200) {
      throw refused(doing, name, response, text);
    }
    return text;
  }

  private Fault refused(
      String doing, String name, HttpResponse<InputStream> response, String text) {
    int status = response.statusCode();
    String message =
        "cannot "
            + doing
            + " "
            + (name.isEmpty() ? "the bucket" : name)
            + " in "
            + location
            + ": "
            + status
            + S3Xml.reason(text);
    return switch (status) {
      case 403 -> new Fault.Unavailable(message + "; check the credentials and their rights");
      case 404 -> new Fault.Unavailable(message + "; check the endpoint and the bucket");
      default -> new Fault.Unavailable(message);
    };
  }

  private Fault broken(String doing, String name, IOException e) {
    return new Fault.Unavailable("cannot " + doing + " " + name + " in " + location + ": " + e, e);
  }

  private String text(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fault.Unavailable("the S3 store breaks off: " + e, e);
    }
  }

  private void drain(HttpResponse<InputStream> response) {
    text(response);
  }

  private static Instant writtenAt(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Last-Modified")
        .map(t -> ZonedDateTime.parse(t, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .orElse(Instant.EPOCH);
  }

  @Override
  public void close() {
    http.close();
  }
}
