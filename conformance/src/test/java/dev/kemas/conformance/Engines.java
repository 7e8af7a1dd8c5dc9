package dev.kemas.conformance;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One daemon with the busybox image for all tests of a class; nothing may be left of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Engines {
  protected Daemon daemon;

  @BeforeAll
  void start() throws IOException, InterruptedException {
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
    Footprint footprint = Footprint.of(daemon);
    daemon.close();
    if (Daemon.isKemas()) {
      footprint.awaitNothing();
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
