package dev.kemas.conformance;

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
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry} (distribution 2.8) on loopback, with a folder of its own. */
final class RealRegistry implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String USER =
      "me:$2b$05$GVQUCu5CM33jfIuTbq4uXOUoScL3w/w3CtY3Lh09Nt34BrwBwrjCO\n";
  private final Path home;
  private final int port;
  private Process process;

  private RealRegistry(Path home, int port, Process process) {
    this.home = home;
    this.port = port;
    this.process = process;
  }

  /** One that anybody may use. */
  static RealRegistry open() throws IOException, InterruptedException {
    return start(false);
  }

  /** One that wants to know who calls: user {@code me} with password {@code sec:ret}. */
  static RealRegistry withUser() throws IOException, InterruptedException {
    return start(true);
  }

  private static RealRegistry start(boolean users) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("kemas-registry-");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(home.resolve("users"), USER);
    Files.writeString(
        home.resolve("config.yml"),
        "version: 0.1\nlog: {level: warn, accesslog: {disabled: true}}\n"
            + "storage: {filesystem: {rootdirectory: "
            + home.resolve("data")
            + "}, delete: {enabled: true}}\n"
            + "http: {addr: \"127.0.0.1:"
            + port
            + "\"}\n"
            + (users
                ? "auth: {htpasswd: {realm: test, path: " + home.resolve("users") + "}}\n"
                : ""));
    RealRegistry registry = new RealRegistry(home, port, launch(home));
    registry.awaitAnswer();
    return registry;
  }

  private static Process launch(Path home) throws IOException {
    return new ProcessBuilder("docker-registry", "serve", home.resolve("config.yml").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        .start();
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ping = HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/")).build();
      Wait.until(
          "the registry answers",
          START,
          () -> {
            if (!process.isAlive()) {
              throw new IllegalStateException(
                  "the registry ended at start:\n" + Files.readString(home.resolve("log")));
            }
            try {
              return client.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() < 500;
            } catch (IOException e) {
              return false; // not yet
            }
          });
    }
  }

  /** Host and port: the first part of names. */
  String host() {
    return "127.0.0.1:" + port;
  }

  /** Ends it as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again with what it has. */
  void restart() throws IOException, InterruptedException {
    process = launch(home);
    awaitAnswer();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Command.of("rm", "-rf", home.toString()).run().expect(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the registry was ended", e);
    }
  }
}
