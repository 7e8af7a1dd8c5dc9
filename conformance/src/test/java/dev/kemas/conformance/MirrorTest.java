package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors of daemon.json: asked first, and no harm where they fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MirrorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ALWAYS)
  private static Path folder;

  private RealRegistry origin;
  private RealRegistry mirror;
  private Daemon daemon;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd has mirrors of Docker Hub only");
    origin = RealRegistry.open();
    mirror = RealRegistry.open();
    file("");
    daemon = Daemon.start("--config-file", folder.resolve("daemon.json").toString());
    Busybox.into(daemon);
    for (String name : new String[] {origin.host() + "/far/box:1", mirror.host() + "/far/box:1"}) {
      daemon.ok("docker", "tag", "busybox", name);
      daemon.ok("docker", "push", "-q", name);
      daemon.ok("docker", "rmi", name);
    }
    // two of the name: only the origin has the second, only the mirror the third
    daemon.ok("docker", "tag", "busybox", origin.host() + "/far/only:1");
    daemon.ok("docker", "push", "-q", origin.host() + "/far/only:1");
    daemon.ok("docker", "rmi", origin.host() + "/far/only:1");
    daemon.ok("docker", "tag", "busybox", mirror.host() + "/library/hub:1");
    daemon.ok("docker", "push", "-q", mirror.host() + "/library/hub:1");
    daemon.ok("docker", "rmi", mirror.host() + "/library/hub:1");
    // all that is pulled below comes over the line
    daemon.ok("docker", "rmi", "busybox");
  }

  @AfterAll
  void end() throws IOException {
    if (daemon != null) {
      daemon.close();
      mirror.close();
      origin.close();
    }
  }

  private static void file(String mirrors) throws IOException {
    Files.writeString(folder.resolve("daemon.json"), "{\"registry-mirrors\": [" + mirrors + "]}");
  }

  private void mirrors(String... all) throws IOException, InterruptedException {
    String list = all.length == 0 ? "" : "\"" + String.join("\", \"", all) + "\"";
    file(list);
    int before = daemon.log().length();
    Command.of("kill", "-HUP", "" + daemon.pid()).run().expect(0);
    Wait.until(
        "the mirrors hold",
        LIMIT,
        () -> daemon.log().substring(before).contains("reloaded the configuration"));
  }

  private Duration pull(String name) throws IOException, InterruptedException {
    long start = System.nanoTime();
    assertThat(daemon.ok("docker", "pull", name)).contains("Downloaded newer image");
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    daemon.ok("docker", "rmi", name);
    return took;
  }

  @Test
  void aMirrorOfTheHubHasWhatNobodyNamesAHostFor() throws IOException, InterruptedException {
    mirrors("http://" + mirror.host());
    pull("hub:1");
  }

  @Test
  void aMirrorOfAnyRegistryStandsInWhereThatIsDown() throws IOException, InterruptedException {
    String gone;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = "127.0.0.1:" + free.getLocalPort();
    }
    mirrors(gone + "=http://" + mirror.host());
    pull(gone + "/far/box:1");
  }

  @Test
  void aMirrorWithoutTheImageIsPassedOver() throws IOException, InterruptedException {
    mirrors(origin.host() + "=http://" + mirror.host());
    pull(origin.host() + "/far/only:1");
  }

  @Test
  void aMirrorThatIsDownIsPassedOver() throws IOException, InterruptedException {
    String gone;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = "127.0.0.1:" + free.getLocalPort();
    }
    mirrors(origin.host() + "=http://" + gone, origin.host() + "=http://" + mirror.host());
    assertThat(pull(origin.host() + "/far/box:1")).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aMirrorThatNeverAnswersIsPassedOver() throws IOException, InterruptedException {
    try (HoldingProxy silent = new HoldingProxy(mirror.host())) {
      silent.allow(0);
      mirrors(origin.host() + "=http://" + silent.host());
      assertThat(pull(origin.host() + "/far/box:1")).isLessThan(Duration.ofSeconds(60));
    }
  }
}
