package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry of ours as a container of the image that our builder makes of it. */
final class RegistryImageTest extends Engines {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String IMAGE = "ours/registry";
  private static final String NAME = "registry";
  @TempDir Path folder;

  @AfterEach
  void forget() throws IOException, InterruptedException {
    tryDocker("rm", "-fv", NAME);
    tryDocker("volume", "rm", "-f", "images");
    tryDocker("rmi", "-f", IMAGE);
  }

  private void run(int port) throws IOException, InterruptedException {
    docker(
        "run",
        "-d",
        "--name",
        NAME,
        "--read-only",
        "--tmpfs",
        "/tmp",
        "--health-interval",
        "1s",
        "-p",
        "127.0.0.1:" + port + ":5000",
        "-v",
        "images:/var/lib/registry",
        IMAGE);
    awaitHealth();
  }

  private void awaitHealth() {
    Wait.until(
        "the registry is healthy",
        START,
        () -> inspect(NAME, "{{.State.Health.Status}}").equals("healthy"));
  }

  private void pulls(String client, String name) throws IOException, InterruptedException {
    tryDocker("rmi", "-f", name);
    daemon.ok(client, "pull", name);
    assertThat(docker("run", "--rm", name, "echo", client)).isEqualTo(client + "\n");
  }

  @Test
  void itsDataOutlivesItsContainers() throws IOException, InterruptedException {
    Path context = folder.resolve("context");
    Command.of(
            "env",
            "JAVA_HOME=" + System.getProperty("java.home"),
            "../registry-server/src/main/image/make-context",
            Daemon.distribution().toString(),
            context.toString())
        .run()
        .expect(0);
    docker("build", "-q", "-t", IMAGE, context.toString());
    assertThat(inspect(IMAGE, "{{.Config.User}} {{.Config.ExposedPorts}} {{.Config.Volumes}}"))
        .isEqualTo("10001:10001 map[5000/tcp:{}] map[/var/lib/registry:{}]");
    assertThat(Long.parseLong(inspect(IMAGE, "{{.Size}}"))).isLessThan(120_000_000);
    docker("volume", "create", "images");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    run(port);
    for (String client : new String[] {"docker", "kemas"}) {
      String name = "127.0.0.1:" + port + "/by/" + client + ":1";
      docker("tag", "busybox", name);
      daemon.ok(client, "push", name);
      pulls(client, name);
    }
    docker("restart", NAME);
    awaitHealth();
    pulls("docker", "127.0.0.1:" + port + "/by/kemas:1");
    docker("rm", "-f", NAME);
    run(port);
    pulls("kemas", "127.0.0.1:" + port + "/by/docker:1");
    docker("stop", NAME);
    assertThat(inspect(NAME, "{{.State.ExitCode}}")).isEqualTo("0");
    docker("rmi", "-f", "127.0.0.1:" + port + "/by/docker:1", "127.0.0.1:" + port + "/by/kemas:1");
  }
}
