package dev.kemas.conformance;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One daemon with the busybox image for all tests of a class; nothing may be left of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Engines {
  private Footprint before;
  protected Daemon daemon;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    before = Footprint.take();
    daemon = Daemon.start();
    Busybox.into(daemon);
  }

  @AfterEach
  void noContainerOfOneTestIsSeenByTheNext() throws IOException, InterruptedException {
    String ids = docker("ps", "-aq").strip();
    if (!ids.isEmpty()) {
      for (String id : ids.split("\\s+")) {
        docker("rm", "-fv", id);
      }
    }
  }

  @AfterAll
  void nothingIsLeftBehind() throws IOException {
    String home = daemon.home().toString();
    daemon.close();
    try {
      Footprint.awaitSameAs(before);
    } catch (AssertionError e) {
      Assertions.fail("after the daemon of " + home + ": " + e.getMessage(), e);
    }
  }

  /** Runs the stock docker command, which must succeed; its output. */
  protected String docker(String... args) throws IOException, InterruptedException {
    return daemon.ok("docker", args);
  }

  /** Runs the stock docker command, however it ends. */
  protected Command.Result tryDocker(String... args) throws IOException, InterruptedException {
    return daemon.run("docker", args);
  }

  protected String inspect(String name, String format) throws IOException, InterruptedException {
    return docker("inspect", "--format", format, name).strip();
  }
}
