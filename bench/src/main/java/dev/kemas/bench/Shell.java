package dev.kemas.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs. */
final class Shell {
  private static final long LIMIT_SECONDS = 300;

  private Shell() {}

  /** Runs to the end and fails unless it succeeds; what it printed. */
  static String run(List<String> command) {
    try {
      Path output = Files.createTempFile("kemas-bench-", ".out");
      try {
        int code = start(command, output);
        String text = Files.readString(output);
        if (code != 0) {
          throw new IllegalStateException(
              String.join(" ", command) + " ended with " + code + ":\n" + text);
        }
        return text;
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int start(List<String> command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().put("DOCKER_BUILDKIT", "0");
    Process process = builder.start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " hangs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return process.exitValue();
  }

  /** Milliseconds that a command takes as a process. */
  static double time(List<String> command) {
    long start = System.nanoTime();
    run(command);
    return (System.nanoTime() - start) / 1e6;
  }

  /** The path of a program, if it is installed. */
  static Optional<Path> which(String program) {
    Stream<String> system =
        Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
    // where Go puts what it builds
    Stream<String> home = Stream.of(System.getProperty("user.home") + "/go/bin");
    return Stream.concat(system, home)
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
