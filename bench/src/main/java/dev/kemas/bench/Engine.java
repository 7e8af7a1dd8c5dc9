package dev.kemas.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine with roots of its own, behind a socket that the stock command talks to.
 *
 * @param startMillis from its start to the first answer
 */
record Engine(String name, Path home, Process process, double startMillis)
    implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** The one under test, from a built distribution. */
  static Engine kemas(Path distribution) {
    return start(
        "kemas",
        home ->
            List.of(
                distribution.resolve("bin/kemasd").toString(),
                "-H",
                "unix://" + home.resolve("s"),
                "--data-root",
                home.resolve("data").toString(),
                "--exec-root",
                home.resolve("exec").toString(),
                "--pidfile",
                home.resolve("pid").toString()));
  }

  static Optional<Engine> dockerd() {
    return Shell.which("dockerd")
        .map(program ->
            start(
                "dockerd",
                home ->
                    List.of(
                        program.toString(),
                        "-H",
                        "unix://" + home.resolve("s"),
                        "--data-root",
                        home.resolve("data").toString(),
                        "--exec-root",
                        home.resolve("exec").toString(),
                        "--pidfile",
                        home.resolve("pid").toString(),
                        "--bip",
                        "10.213.0.1/16")));
  }

  /**
   * @param registryPort on loopback, where there will be a registry without a certificate
   */
  static Optional<Engine> podman(int registryPort) {
    return Shell.which("podman")
        .map(program ->
            start(
                "podman",
                home ->
                    List.of(
                        "env",
                        "CONTAINERS_CONF=" + podmanConf(home),
                        "CONTAINERS_REGISTRIES_CONF=" + podmanRegistries(home, registryPort),
                        program.toString(),
                        "--runtime",
                        "runc",
                        "--root",
                        home.resolve("data").toString(),
                        "--runroot",
                        home.resolve("exec").toString(),
                        "--cgroup-manager",
                        "cgroupfs",
                        "--events-backend",
                        "file",
                        "system",
                        "service",
                        "-t",
                        "0",
                        "unix://" + home.resolve("s"))));
  }

  /** Its usual limits are higher than some hosts allow; then it would start no container. */
  private static Path podmanConf(Path home) {
    try {
      return Files.writeString(
          home.resolve("containers.conf"),
          "[containers]\ndefault_ulimits=[\"nofile=1024:1024\",\"nproc=1000:1000\"]\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path podmanRegistries(Path home, int port) {
    try {
      return Files.writeString(
          home.resolve("registries.conf"),
          "[[registry]]\nlocation = \"localhost:" + port + "\"\ninsecure = true\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private interface Line {
    List<String> at(Path home);
  }

  private static Engine start(String name, Line line) {
    try {
      Path home = Files.createTempDirectory("kemas-bench-" + name + "-");
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(line.at(home))
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("log").toFile())
              .start();
      Engine engine = new Engine(name, home, process, 0);
      while (!engine.answers()) {
        if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
          throw new IllegalStateException(
              name + " does not start:\n" + Files.readString(home.resolve("log")));
        }
        LockSupport.parkNanos(2_000_000);
      }
      return new Engine(name, home, process, (System.nanoTime() - start) / 1e6);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private boolean answers() {
    if (!Files.exists(home.resolve("s"))) {
      return false;
    }
    try (var channel = java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      channel.connect(java.net.UnixDomainSocketAddress.of(home.resolve("s")));
      channel.write(
          java.nio.ByteBuffer.wrap(
              Shell.bytes("GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
      java.nio.ByteBuffer answer = java.nio.ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), java.nio.charset.StandardCharsets.US_ASCII)
          .startsWith("HTTP/1.1 200");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** A command of the stock client against this engine. */
  List<String> docker(String... args) {
    List<String> command = new ArrayList<>(List.of("docker", "-H", "unix://" + home.resolve("s")));
    command.addAll(List.of(args));
    return command;
  }

  /** Bytes that the daemon and its children that serve it hold in memory. */
  long residentBytes() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return 0;
  }

  @Override
  public void close() {
    String ids = Shell.run(docker("ps", "-aq")).strip();
    if (!ids.isEmpty()) {
      for (String id : ids.split("\\s+", -1)) {
        Shell.run(docker("rm", "-f", id));
      }
    }
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Shell.run(
        List.of(
            "sh",
            "-c",
            "awk -v h=\"$1\" 'index($2, h) == 1 { print $2 }' /proc/self/mounts | sort -r"
                + " | xargs -r -n1 umount -l; rm -rf --one-file-system \"$1\"",
            "sh",
            home.toString()));
  }
}
