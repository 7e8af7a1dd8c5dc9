package dev.kemas.registry.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests to a registry, as the specification writes them. */
final class Http implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI base;

  Http(URI base) {
    this.base = base;
  }

  /** An answer, its body as bytes. */
  record Answer(int status, HttpResponse<byte[]> whole) {
    byte[] bytes() {
      return whole.body();
    }

    String text() {
      return new String(whole.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
      return Json.mapper().readTree(bytes());
    }

    String header(String name) {
      return whole.headers().firstValue(name).orElse("");
    }

    Answer expect(int wanted) {
      if (status != wanted) {
        throw new AssertionError(
            "%s %s: %d, not %d: %s"
                .formatted(whole.request().method(), whole.uri(), status, wanted, text()));
      }
      return this;
    }

    /** An error of the specification, with this code. */
    Answer expect(int wanted, String code) {
      expect(wanted);
      if (!text().contains("\"code\":\"" + code + "\"")) {
        throw new AssertionError("no error " + code + ": " + text());
      }
      return this;
    }
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, new byte[0], headers);
  }

  Answer head(String path, String... headers) throws IOException, InterruptedException {
    return send("HEAD", path, new byte[0], headers);
  }

  Answer post(String path, String... headers) throws IOException, InterruptedException {
    return send("POST", path, new byte[0], headers);
  }

  Answer delete(String path, String... headers) throws IOException, InterruptedException {
    return send("DELETE", path, new byte[0], headers);
  }

  Answer put(String path, byte[] body, String... headers) throws IOException, InterruptedException {
    return send("PUT", path, body, headers);
  }

  Answer patch(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    return send("PATCH", path, body, headers);
  }

  Answer send(String method, String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.length == 0 && !method.equals("PUT")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response);
  }

  URI base() {
    return base;
  }

  @Override
  public void close() {
    client.close();
  }
}
