package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    // a folder is a bucket to it
    Files.createDirectories(folder.resolve("buckets").resolve(bucket));
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
    Wait.until("the S3 gateway answers", START, gateway::answers);
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

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.getPort())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the S3 gateway ended at its start", notYet);
      }
      return false;
    }
  }

  private static Map<String, String> environment() {
    return Map.of("AWS_ACCESS_KEY_ID", "tester", "AWS_SECRET_ACCESS_KEY", "secret-of-the-test");
  }

  /** A place in this store, with its credentials. */
  public Place store(String place) {
    return new Place.Bucket(place, Optional.of(endpoint), Optional.empty(), environment());
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
