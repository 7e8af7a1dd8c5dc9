package dev.kemas.registry.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the host that a test runs. */
final class Tool {
  private Tool() {}

  /** Runs it to its end, which must be a success; its output. */
  static String run(Path folder, String... line) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "tool", ".out");
    Process process =
        new ProcessBuilder(List.of(line))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", line) + ": not within 120 s");
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "%s ended with %d:\n%s".formatted(String.join(" ", line), process.exitValue(), text));
    }
    return text;
  }
}
