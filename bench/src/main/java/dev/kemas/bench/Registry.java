package dev.kemas.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A registry on loopback, on a folder of its own, without passwords and without a log of requests.
 */
record Registry(String name, Process process, int port) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** The one under test, from a built distribution. */
  static Registry kemas(Path distribution, Path folder) {
    int port = freePort();
    return start(
        "kemas",
        folder,
        port,
        List.of(
            distribution.resolve("bin/kemas-registry").toString(),
            "serve",
            "--root",
            folder.resolve("kemas-registry").toString(),
            "--listen",
            "127.0.0.1:" + port));
  }

  static boolean referenceInstalled() {
    return Shell.which("docker-registry").isPresent();
  }

  /** Debian's; it must be installed. */
  static Registry reference(Path folder, int port) {
    return start(
        "docker-registry",
        folder,
        port,
        List.of("docker-registry", "serve", configuration(folder, port).toString()));
  }

  /** As its package has it, but for the place, the port and the log. */
  private static Path configuration(Path folder, int port) {
    try {
      return Files.writeString(
          folder.resolve("registry.yml"),
          """
          version: 0.1
          log: {level: error, accesslog: {disabled: true}}
          storage:
            cache: {blobdescriptor: inmemory}
            filesystem: {rootdirectory: %s}
            delete: {enabled: true}
          http: {addr: "127.0.0.1:%d"}
          """
              .formatted(folder.resolve("docker-registry"), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nobody listens on. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Registry start(String name, Path folder, int port, List<String> command) {
    try {
      Path log = folder.resolve(name + ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Registry registry = new Registry(name, process, port);
      long start = System.nanoTime();
      while (!registry.answers()) {
        if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
          throw new IllegalStateException(name + " does not start:\n" + Files.readString(log));
        }
        LockSupport.parkNanos(10_000_000);
      }
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    try (Wire wire = Wire.to(port)) {
      wire.send("GET", "/v2/", "");
      wire.expect(200);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The most bytes that it has had in memory so far. */
  long peakBytes() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
