package dev.kemas.bootstrap;

import static dev.kemas.bootstrap.Workbench.inside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole base images, from the host's own package mirror; about a minute each. */
class DebianImagesTest {
  @TempDir Path folder;

  private static Predicate<String> only(DebianTool tool) {
    return program -> program.equals(tool.toString()) && Workshop.has(program);
  }

  @ParameterizedTest
  @EnumSource
  void debian_is_whole_and_slim_is_without_manuals(DebianTool tool) throws Exception {
    try (Workbench workbench = new Workbench(folder, only(tool))) {
      Image full = workbench.make(BootstrapRequest.of("debian:bookworm"));
      Image slim = workbench.make(BootstrapRequest.of("debian:bookworm-slim"));

      for (Image image : List.of(full, slim)) {
        Path root = workbench.root(image);
        assertThat(inside(root, "/bin/cat", "/etc/debian_version")).startsWith("12.");
        assertThat(inside(root, "/usr/bin/dpkg-query", "-W", "-f", "${Status}", "apt"))
            .isEqualTo("install ok installed");
        assertThat(inside(root, "/usr/bin/dpkg", "--audit")).isEmpty();
        assertThat(root.resolve("dev")).as("devices come from the runtime").isEmptyDirectory();
        assertThat(root.resolve("tmp")).isEmptyDirectory();
        assertThat(Files.readString(root.resolve("etc/apt/sources.list.d/debian.sources")))
            .contains("bookworm");
        assertThat(root.resolve("var/cache/apt/archives").toFile().list())
            .noneMatch(name -> name.endsWith(".deb"));
        assertThat(devices(root)).isEmpty();
        assertThat(image.config().defaults().cmd()).contains(List.of("bash"));
        assertThat(image.config().defaults().labels())
            .containsEntry("dev.kemas.bootstrap.tool", tool.toString())
            .containsEntry("dev.kemas.bootstrap.suite", "bookworm");
      }
      assertThat(files(workbench.root(full).resolve("usr/share/man"))).isPositive();
      assertThat(files(workbench.root(slim).resolve("usr/share/man"))).isZero();
      assertThat(workbench.root(slim).resolve("usr/share/doc/apt/copyright")).isRegularFile();
      assertThat(slim.layers().getFirst().size()).isLessThan(full.layers().getFirst().size());
    }
  }

  @Test
  void python_is_made_with_pip_that_works_as_on_the_host() throws Exception {
    try (Workbench workbench = new Workbench(folder, Workshop::has)) {
      Image image = workbench.make(BootstrapRequest.of("python:3.11-slim"));

      Path root = workbench.root(image);
      assertThat(image.config().defaults().env())
          .contains("LANG=C.UTF-8")
          .anyMatch(e -> e.startsWith("PYTHON_VERSION=3.11."));
      assertThat(inside(root, "/usr/local/bin/python", "-c", "print(6*7)")).isEqualTo("42\n");
      assertThat(inside(root, "/usr/local/bin/python3", "-c", "import ssl, sqlite3, venv"))
          .isEmpty();
      assertThat(inside(root, "/usr/bin/pip", "--version")).contains("python 3.11");
      assertThat(root.resolve("usr/lib/python3.11/EXTERNALLY-MANAGED")).doesNotExist();
      assertThat(files(root.resolve("usr/share/man"))).isZero();
      assertThat(root.resolve("dev")).as("devices come from the runtime").isEmptyDirectory();
      assertThat(inside(root, "/bin/sh", "-c", "ls /etc/apt/apt.conf.d /etc/dpkg/dpkg.cfg.d"))
          .contains("docker-clean")
          .doesNotContain("mmdebstrap");
    }
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  /** What is neither file nor folder nor link. */
  private static List<Path> devices(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p ->
              !Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)
                  && !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)
                  && !Files.isSymbolicLink(p))
          .toList();
    }
  }
}
