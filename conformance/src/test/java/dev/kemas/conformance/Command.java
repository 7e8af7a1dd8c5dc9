package dev.kemas.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program run to its end with its output kept apart. */
record Command(List<String> line, Optional<byte[]> input, Map<String, String> environment) {
  private static final long LIMIT_SECONDS = 300;

  Command(List<String> line, Optional<byte[]> input) {
    this(line, input, Map.of());
  }

  static Command of(String... line) {
    return new Command(List.of(line), Optional.empty());
  }

  Command withInput(byte[] bytes) {
    return new Command(line, Optional.of(bytes), environment);
  }

  /** The same with more in its environment. */
  Command withEnvironment(Map<String, String> more) {
    return new Command(line, input, more);
  }

  Command withInput(String text) {
    return withInput(text.getBytes(StandardCharsets.UTF_8));
  }

  /** How it ended. */
  record Result(List<String> line, int code, String out, String err) {
    Result expect(int wanted) {
      if (code != wanted) {
        throw new AssertionError(
            "%s\nended with %d, not %d\nout: %s\nerr: %s"
                .formatted(String.join(" ", line), code, wanted, out, err));
      }
      return this;
    }
  }

  Result run() throws IOException, InterruptedException {
    return run(Path.of("."));
  }

  Result run(Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    // the builder of the classic endpoint is meant, and no configuration of whoever runs the tests
    builder.environment().put("DOCKER_BUILDKIT", "0");
    builder.environment().remove("DOCKER_HOST");
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<byte[]> out = CompletableFuture.supplyAsync(() -> all(process, false));
    CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> all(process, true));
    try (OutputStream stdin = process.getOutputStream()) {
      if (input.isPresent()) {
        stdin.write(input.get());
      }
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "%s\ndid not end within %d s".formatted(String.join(" ", line), LIMIT_SECONDS));
    }
    return new Result(line, process.exitValue(), text(out), text(err));
  }

  private static String text(CompletableFuture<byte[]> bytes) {
    return new String(bytes.join(), StandardCharsets.UTF_8);
  }

  private static byte[] all(Process process, boolean error) {
    try (var stream = error ? process.getErrorStream() : process.getInputStream()) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
