package dev.kemas.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The distribution's own registry on loopback, with a folder of its own. */
final class OwnRegistry implements AutoCloseable {
  private final Path home;
  private final int port;
  private final Process process;

  private OwnRegistry(Path home, int port, Process process) {
    this.home = home;
    this.port = port;
    this.process = process;
  }

  static OwnRegistry open() throws IOException {
    Path home = Files.createTempDirectory("kemas-own-registry-");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                Daemon.distribution().resolve("bin/kemas-registry").toString(),
                "serve",
                "--root",
                home.resolve("data").toString(),
                "--listen",
                "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    OwnRegistry registry = new OwnRegistry(home, port, process);
    Wait.until(
        "the registry listens",
        Duration.ofSeconds(60),
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(home.resolve("log")));
          }
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException e) {
            return false; // not yet
          }
        });
    return registry;
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Command.of("rm", "-rf", home.toString()).run().expect(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the registry was ended", e);
    }
  }
}
