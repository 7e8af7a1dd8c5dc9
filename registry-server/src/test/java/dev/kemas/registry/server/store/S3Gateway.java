package dev.kemas.registry.server.store;

import dev.kemas.oci.Digest;
import dev.kemas.registry.server.ServerConfig;
import dev.kemas.registry.server.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real S3-compatible store on a folder: Versity's gateway, on a port of its own. */
public final class S3Gateway implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private final Process process;
  private final URI endpoint;

  private S3Gateway(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts one with an empty bucket, or skips the test where the gateway is not installed. */
  public static S3Gateway start(Path folder, String bucket) throws IOException {
    Optional<Path> program = program();
    Assumptions.assumeTrue(
        program.isPresent(), "versitygw is not installed: run make test-tools, which needs Go");
    Files.createDirectories(folder.resolve("buckets"));
    Files.createDirectories(folder.resolve("attributes"));
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                program.get().toString(),
                "--port",
                "127.0.0.1:" + port,
                "--quiet",
                "posix",
                "--sidecar",
                folder.resolve("attributes").toString(),
                folder.resolve("buckets").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", "tester");
    builder.environment().put("ROOT_SECRET_KEY", "secret-of-the-test");
    S3Gateway gateway = new S3Gateway(builder.start(), URI.create("http://127.0.0.1:" + port));
    Wait.until("the S3 gateway has the bucket", START, () -> gateway.makes(bucket));
    return gateway;
  }

  private static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of),
            Stream.of(Path.of(System.getProperty("user.home"), "go", "bin")))
        .map(folder -> folder.resolve("versitygw"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A port that nobody has. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean makes(String bucket) throws InterruptedException {
    HttpRequest request =
        new S3Signer(location("s3://" + bucket))
            .sign(
                "PUT",
                "/" + bucket,
                Map.of(),
                Map.of(),
                Digest.of(new byte[0]).hex(),
                Instant.now())
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the S3 gateway ended at its start", notYet);
      }
      return false;
    }
  }

  /** A place in this store, with its credentials. */
  S3Location location(String place) {
    return S3Location.of(place, Optional.of(endpoint), Optional.empty(), environment());
  }

  private static Map<String, String> environment() {
    return Map.of("AWS_ACCESS_KEY_ID", "tester", "AWS_SECRET_ACCESS_KEY", "secret-of-the-test");
  }

  /** The same for a server. */
  public ServerConfig.Store store(String place) {
    return new ServerConfig.Store.Bucket(
        place, Optional.of(endpoint), Optional.empty(), environment());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
