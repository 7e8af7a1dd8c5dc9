package dev.kemas.bootstrap;

import static dev.kemas.bootstrap.Workbench.inside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {
  private static final String NOBODY_LISTENS = "http://user:secret@127.0.0.1:9/debian";
  @TempDir Path folder;
  private Workbench workbench;

  @BeforeEach
  void open() {
    workbench = new Workbench(folder, Workshop::has);
  }

  @AfterEach
  void close() {
    workbench.close();
  }

  private static BootstrapRequest request(
      String reference, Optional<String> mirror, Optional<String> suite) {
    return new BootstrapRequest(reference, mirror, suite, List.of(), Optional.empty(), false);
  }

  @Test
  void busybox_has_all_its_names_and_runs() throws Exception {
    Image image = workbench.make(BootstrapRequest.of("busybox"));

    assertThat(image.tags()).extracting(t -> t.familiar()).containsExactly("busybox:latest");
    assertThat(image.config().defaults().cmd()).contains(List.of("sh"));
    Path root = workbench.root(image);
    assertThat(inside(root, "/bin/sh", "-c", "echo hello && id -un && ls /tmp | wc -l"))
        .isEqualTo("hello\nroot\n0\n");
    assertThat(root.resolve("bin/wget")).isRegularFile();
    assertThat(root.resolve("dev")).isEmptyDirectory();
    assertThat(image.config().defaults().labels())
        .containsEntry("dev.kemas.bootstrap.packages", "busybox-static");

    Image again = workbench.make(BootstrapRequest.of("busybox"));
    assertThat(again.layers()).as("reproducible").isEqualTo(image.layers());
  }

  @Test
  void busybox_of_a_suite_is_that_suites() throws Exception {
    Image image =
        workbench.make(request("busybox:trixie", Optional.empty(), Optional.of("trixie")));

    assertThat(image.config().defaults().labels())
        .containsEntry("dev.kemas.bootstrap.suite", "trixie");
    assertThat(inside(workbench.root(image), "/bin/busybox"))
        .as("bookworm has 1.35")
        .containsPattern("BusyBox v1\\.37");
  }

  @Test
  void a_mirror_that_is_not_there_is_named_and_nothing_is_left() throws Exception {
    for (String reference : List.of("debian:bookworm", "busybox")) {
      assertThatThrownBy(() ->
              workbench.make(request(reference, Optional.of(NOBODY_LISTENS), Optional.empty())))
          .as(reference)
          .isInstanceOf(Fault.Unavailable.class)
          .hasMessageContaining("127.0.0.1:9/debian")
          .hasMessageContaining("--mirror")
          .hasMessageNotContaining("secret");
    }
    assertThat(workbench.said).isNotEmpty().noneMatch(l -> l.contains("secret"));
    assertThat(workbench.images.images().list(ImageFilter.ALL, true)).isEmpty();
    assertThat(workbench.tidied).as("what was unpacked is collected").hasValue(2);
    try (var left = Files.list(Workbench.CACHE)) {
      assertThat(left).noneMatch(p -> p.getFileName().toString().startsWith("bootstrap-"));
    }
  }

  @Test
  void an_unknown_name_is_answered_with_those_that_can_be_made() {
    assertThatThrownBy(() -> workbench.make(BootstrapRequest.of("nginx:latest")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nginx:latest")
        .hasMessageContaining("debian:SUITE")
        .hasMessageContaining("busybox");
  }

  @Test
  void without_a_tool_the_package_to_install_is_named() {
    try (Workbench bare = new Workbench(folder.resolve("bare"), program -> false)) {
      assertThatThrownBy(() -> bare.make(BootstrapRequest.of("debian:bookworm")))
          .isInstanceOf(Fault.Unsupported.class)
          .hasMessageContaining("apt-get install mmdebstrap");
    }
  }

  @Test
  void what_a_killed_process_was_making_is_ended_and_removed_at_the_next_start() throws Exception {
    Path cache = Files.createDirectories(folder.resolve("cache"));
    Path left = Files.createDirectories(cache.resolve("bootstrap-123/tmp/root"));
    Files.writeString(left.resolve("file"), "half of a package");
    Files.writeString(Files.createDirectory(cache.resolve("packages")).resolve("a.deb"), "kept");
    Path script = cache.resolve("bootstrap-123/run");
    Files.writeString(script, "while :; do : > \"$1\"; read line; done");
    Process working =
        new ProcessBuilder("sh", script.toString(), left.resolve("more").toString()).start();
    try {
      Bootstrap.open(workbench.images, cache, Map.of(), Clock.systemUTC(), () -> {});

      assertThat(working.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(cache.toFile().list()).containsExactly("packages");
      assertThat(cache.resolve("packages/a.deb")).hasContent("kept");
    } finally {
      working.destroyForcibly();
    }
  }
}
