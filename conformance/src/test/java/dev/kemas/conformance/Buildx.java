package dev.kemas.conformance;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The stock docker command with buildx, in a configuration of its own. */
record Buildx(Daemon daemon, Path configuration) {

  /** Skips the test, with the reason, where there is no buildx. */
  static Buildx in(Daemon daemon, Path configuration) throws IOException {
    return new Buildx(daemon, configuration).with("docker-buildx", "buildx");
  }

  /** The same with a further plugin, the program of that name. */
  Buildx with(String plugin, String program) throws IOException {
    Optional<Path> found = find(program);
    assumeThat(found)
        .as(program + ", which scripts/install-tools builds where there is Go")
        .isPresent();
    Path plugins = Files.createDirectories(configuration.resolve("cli-plugins"));
    Files.createSymbolicLink(plugins.resolve(plugin), found.orElseThrow());
    return this;
  }

  /** The same for another daemon. */
  Buildx to(Daemon other) {
    return new Buildx(other, configuration);
  }

  private static Optional<Path> find(String program) {
    String home = System.getenv().getOrDefault("HOME", "/root");
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), Stream.of(home + "/go/bin"))
        .map(folder -> Path.of(folder).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** {@code docker} with these arguments. */
  Command command(String... args) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "env",
                "DOCKER_BUILDKIT=1",
                "DOCKER_CONFIG=" + configuration,
                "docker",
                "-H",
                daemon.address()));
    line.addAll(List.of(args));
    return new Command(line, Optional.empty());
  }
}
