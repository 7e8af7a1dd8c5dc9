package dev.kemas.engine;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The small init of the host that {@code --init} binds into a container. */
final class InitProgram {
  private static final List<String> PLACES =
      List.of(
          "/usr/libexec/docker/docker-init",
          "/usr/bin/docker-init",
          "/usr/bin/tini-static",
          "/usr/bin/tini",
          "/usr/libexec/podman/catatonit",
          "/usr/bin/catatonit");

  private InitProgram() {}

  static String find() {
    return PLACES.stream()
        .filter(p -> Files.isExecutable(Path.of(p)))
        .findFirst()
        .orElseThrow(() ->
            new Fault.Unsupported(
                "--init needs a small init program on this machine: install the package tini"
                    + " or catatonit"));
  }
}
