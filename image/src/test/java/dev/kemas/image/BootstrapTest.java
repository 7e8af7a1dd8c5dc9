package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {
  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Image make(String reference) {
    return store.service.bootstrap().make(BootstrapRequest.of(reference), store.progress());
  }

  @Test
  void busyboxHasAllItsNamesAndRuns() throws Exception {
    Image image = make("busybox");

    assertThat(image.tags()).extracting(t -> t.familiar()).containsExactly("busybox:latest");
    assertThat(image.config().defaults().cmd()).contains(List.of("sh"));
    Path root = store.folder(image.layers().getFirst());
    assertThat(inside(root, "/bin/sh", "-c", "echo hello && id -un && ls /tmp | wc -l"))
        .isEqualTo("hello\nroot\n0\n");
    assertThat(root.resolve("bin/wget")).isRegularFile();
    assertThat(image.config().defaults().labels())
        .containsEntry("dev.kemas.bootstrap.packages", "busybox-static");
    assertThat(Files.list(folder.resolve("cache")).map(p -> p.getFileName().toString()))
        .containsExactly("packages");

    Image again = make("busybox");
    assertThat(again.layers()).as("reproducible").isEqualTo(image.layers());
  }

  @Test
  void pythonIsMadeWithPipThatWorksAsOnTheHost() throws Exception {
    long start = System.nanoTime();
    Image image = make("python:3.11-slim");
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("python:3.11-slim made in " + took.toMillis() + " ms");

    assertThat(took).isLessThan(Duration.ofMinutes(3));
    Path root = store.folder(image.layers().getFirst());
    assertThat(image.config().defaults().env())
        .contains("LANG=C.UTF-8")
        .anyMatch(e -> e.startsWith("PYTHON_VERSION=3.11."));
    assertThat(inside(root, "/usr/local/bin/python", "-c", "print(6*7)")).isEqualTo("42\n");
    assertThat(inside(root, "/usr/local/bin/python3", "-c", "import ssl, sqlite3, venv")).isEmpty();
    assertThat(inside(root, "/usr/bin/pip", "--version")).contains("python 3.11");
    try (Stream<Path> python = Files.list(root.resolve("usr/lib/python3.11"))) {
      assertThat(python.map(p -> p.getFileName().toString())).doesNotContain("EXTERNALLY-MANAGED");
    }
    try (Stream<Path> manuals = Files.walk(root.resolve("usr/share/man"))) {
      assertThat(manuals).noneMatch(Files::isRegularFile);
    }
    assertThat(Files.readString(root.resolve("etc/apt/sources.list.d/debian.sources")))
        .contains("bookworm");
    assertThat(root.resolve("dev/null")).as("devices come from the runtime").doesNotExist();
    assertThat(image.config().defaults().labels())
        .containsEntry("dev.kemas.bootstrap.suite", "bookworm");
    assertThat(inside(root, "/bin/sh", "-c", "ls /etc/apt/apt.conf.d /etc/dpkg/dpkg.cfg.d"))
        .doesNotContain("mmdebstrap");
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThatCanBeMade() {
    assertThatThrownBy(() -> make("nginx:latest"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nginx:latest")
        .hasMessageContaining("debian:SUITE")
        .hasMessageContaining("busybox");
  }

  @Test
  void aMirrorThatIsNotThereIsNamedAndNothingIsLeft() throws IOException {
    BootstrapRequest request =
        new BootstrapRequest(
            "debian:bookworm",
            Optional.of("http://user:secret@127.0.0.1:9/debian"),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false);
    assertThatThrownBy(() -> store.service.bootstrap().make(request, store.progress()))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("127.0.0.1:9/debian")
        .hasMessageContaining("--mirror")
        .hasMessageNotContaining("secret");
    assertThat(store.said).noneMatch(l -> l.contains("secret"));
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  /** Runs a program with the folder as its root. */
  private static String inside(Path root, String... command)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("chroot", root.toString()));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
