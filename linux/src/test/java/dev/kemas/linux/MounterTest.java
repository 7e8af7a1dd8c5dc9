package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MounterTest {
  @TempDir Path temp;
  private final Mounter mounter = new KernelMounter();

  @AfterEach
  void nothingStaysMounted() {
    MountTable.read().beneath(temp).forEach(e -> mounter.unmount(e.target()));
  }

  private Path dir(String name) throws Exception {
    return Files.createDirectories(temp.resolve(name));
  }

  /** Layers with one file of their own each, and one file that the topmost layer wins. */
  private List<Path> layers(int count, String stem) throws Exception {
    List<Path> lower = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path layer = dir(stem + i);
      Files.writeString(layer.resolve("file" + i), "" + i);
      Files.writeString(layer.resolve("who"), "" + i);
      lower.add(layer);
    }
    return lower.reversed();
  }

  private void overlayWorks(int count, String stem, String rest) throws Exception {
    Path merged = dir("merged");
    mounter.mount(
        Mount.overlay(layers(count, stem), dir("upper" + rest), dir("work" + rest)), merged);
    assertThat(Files.readString(merged.resolve("file0"))).isEqualTo("0");
    assertThat(Files.readString(merged.resolve("who"))).isEqualTo("" + (count - 1));
    Files.writeString(merged.resolve("new"), "x");
    assertThat(temp.resolve("upper" + rest).resolve("new")).exists();
    assertThat(MountTable.isMountPoint(merged)).isTrue();
    assertThat(mounter.unmount(merged)).isTrue();
    assertThat(mounter.unmount(merged)).isFalse();
    assertThat(MountTable.isMountPoint(merged)).isFalse();
  }

  @Test
  void an_overlay_of_two_layers_shows_both_and_keeps_changes_above() throws Exception {
    overlayWorks(2, "l", "");
  }

  @Test
  void an_overlay_of_127_layers_with_long_names_fits() throws Exception {
    overlayWorks(127, "a-name-as-long-as-a-digest-0123456789abcdef0123456789abcdef0123456789-", "");
  }

  @Test
  void names_that_mean_something_to_the_option_parser_are_taken_literally() throws Exception {
    overlayWorks(3, "with:colon,comma\\backslash ", ",:\\x");
  }

  @Test
  void a_read_only_bind_refuses_writes_while_its_source_takes_them() throws Exception {
    Path source = dir("source");
    Path target = dir("target with space");
    mounter.mount(Mount.bind(source, "ro", "nosuid", "rslave"), target);
    assertThatThrownBy(() -> Files.writeString(target.resolve("x"), "x"))
        .hasMessageContaining("Read-only");
    Files.writeString(source.resolve("y"), "y");
    assertThat(target.resolve("y")).exists();
    MountTable.Entry entry = MountTable.read().at(target).orElseThrow();
    assertThat(entry.options()).contains("ro", "nosuid");
    mounter.mount(new Mount("none", "none", List.of("remount", "bind", "rw")), target);
    Files.writeString(target.resolve("x"), "x");
  }

  @Test
  void propagation_is_a_change_of_an_existing_mount() throws Exception {
    Path target = dir("t");
    mounter.mount(new Mount("tmpfs", "tmpfs", List.of("size=64k", "mode=0700", "shared")), target);
    assertThat(MountTable.read().at(target).orElseThrow().propagation())
        .anyMatch(p -> p.startsWith("shared:"));
    mounter.mount(new Mount("none", "none", List.of("rprivate")), target);
    assertThat(MountTable.read().at(target).orElseThrow().propagation()).isEmpty();
    assertThat(MountTable.read().beneath(temp)).hasSize(1);
  }

  @Test
  void a_failure_names_what_was_to_be_mounted_where() {
    assertThatThrownBy(
            () -> mounter.mount(Mount.bind(temp.resolve("none")), temp.resolve("nowhere")))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("mount(bind, " + temp.resolve("none"))
        .hasMessageContaining(temp.resolve("nowhere").toString());
  }

  @Test
  void removal_of_a_tree_stops_at_a_mount() throws Exception {
    Path source = dir("precious");
    Files.writeString(source.resolve("keep"), "k");
    Path inside = dir("tree/a/mounted");
    mounter.mount(Mount.bind(source), inside);
    try (Directory d = Directory.open(temp)) {
      assertThatThrownBy(() -> d.removeTree("tree"))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("tree/a/mounted")
          .hasMessageContaining("mounted there");
    }
    assertThat(source.resolve("keep")).exists();
  }

  @Test
  void the_recording_double_writes_down_what_it_is_asked() {
    RecordingMounter recording = new RecordingMounter();
    recording.mount(Mount.bind(Path.of("/a"), "ro"), Path.of("/b"));
    assertThat(recording.mounted()).containsExactly(Path.of("/b"));
    assertThat(recording.unmount(Path.of("/b"))).isTrue();
    assertThat(recording.unmount(Path.of("/b"))).isFalse();
    assertThat(recording.calls())
        .containsExactly("mount -t bind -o bind,ro /a /b", "umount /b", "umount /b");
  }
}
