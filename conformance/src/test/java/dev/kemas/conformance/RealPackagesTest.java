package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that fetch real packages from the host's own mirrors, upon a base made from them. */
final class RealPackagesTest extends Engines {
  private static final String PYTHON = "python:3.11-slim";

  @TempDir Path context;

  @BeforeAll
  void aBase() throws IOException, InterruptedException {
    Daemon.kemasOnly("the base is made by kemas bootstrap");
    daemon.ok("kemas", "bootstrap", "-q", PYTHON);
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(context.resolve(name), text);
  }

  private String build(String... more) throws IOException, InterruptedException {
    String[] args = new String[more.length + 4];
    args[0] = "build";
    args[1] = "-t";
    args[2] = "real";
    System.arraycopy(more, 0, args, 3, more.length);
    args[args.length - 1] = context.toString();
    return daemon.ok("kemas", args);
  }

  @AfterEach
  void forget() throws IOException, InterruptedException {
    docker("rm", "-f", "served");
    docker("rmi", "-f", "real");
  }

  @Test
  void packagesOfDebianComeFromTheCacheTheSecondTime() throws IOException, InterruptedException {
    file(
        "Dockerfile",
        """
        FROM %s
        RUN rm /etc/apt/apt.conf.d/docker-clean
        RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
            --mount=type=cache,target=/var/lib/apt,sharing=locked \\
            apt-get update && apt-get install -y --no-install-recommends jq
        CMD echo '{"a": 42}' | jq .a
        """
            .formatted(PYTHON));
    assertThat(build()).containsPattern("Get:\\d+ .* jq ");
    assertThat(docker("run", "--rm", "real")).isEqualTo("42\n");
    assertThat(build("--no-cache"))
        .contains("Need to get 0 B")
        .doesNotContainPattern("Get:\\d+ .* jq ");
    assertThat(docker("run", "--rm", "real")).isEqualTo("42\n");
  }

  @Test
  void aPythonProjectIsBuiltAndServedAsInitWroteIt() throws IOException, InterruptedException {
    file("requirements.txt", "flask==3.0.3\n");
    file(
        "app.py",
        """
        from flask import Flask
        app = Flask(__name__)

        @app.get("/")
        def root():
            return {"served": True}
        """);
    daemon.ok("kemas", "init", context.toString());
    assertThat(build()).contains("Downloading flask");
    docker("run", "-d", "--name", "served", "-p", "127.0.0.1::5000", "real");
    String address = docker("port", "served", "5000").strip();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ask = HttpRequest.newBuilder(URI.create("http://" + address + "/")).build();
      Wait.until(
          "the project answers",
          Duration.ofSeconds(60),
          () -> {
            try {
              return client.send(ask, HttpResponse.BodyHandlers.ofString()).body().contains("true");
            } catch (IOException e) {
              return false; // not yet
            }
          });
    }
    assertThat(docker("exec", "served", "id", "-un").strip()).isEqualTo("app");
    Wait.until(
        "its health check finds it well",
        Duration.ofSeconds(60),
        () -> inspect("served", "{{.State.Health.Status}}").equals("healthy"));
  }
}
