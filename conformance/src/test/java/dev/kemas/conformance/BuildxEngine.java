package dev.kemas.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that the stock {@code docker build} with buildx is pointed at. */
abstract class BuildxEngine extends Engines {
  @TempDir Path context;
  @TempDir Path configuration;
  private Buildx buildx;

  @BeforeEach
  void plugIn() throws IOException {
    buildx = Buildx.in(daemon, configuration);
  }

  final void file(String name, String text) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  final Command command(String... args) {
    return buildx.command(args);
  }

  final Command.Result run(String... args) throws IOException, InterruptedException {
    return command(args).run(context);
  }
}
