package dev.kemas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import dev.kemas.snapshot.CopySnapshotter;
import dev.kemas.snapshot.Fill;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a build does and what a pull does, on each snapshotter: the same tree comes out. */
class LayersOnSnapshotsTest {
  @TempDir Path temp;
  private final KernelMounter mounter = new KernelMounter();
  private final Deque<Path> mounted = new ArrayDeque<>();

  @AfterEach
  void unmountAll() {
    while (!mounted.isEmpty()) {
      mounter.unmount(mounted.pop());
    }
  }

  private Snapshotter open(String kind, String folder) {
    Path root = temp.resolve(folder);
    return kind.equals("overlay") ? OverlaySnapshotter.open(root) : CopySnapshotter.open(root);
  }

  private Path mount(List<Mount> mounts) throws IOException {
    Path target = Files.createTempDirectory(temp, "mnt");
    mounter.mount(mounts, target);
    mounted.push(target);
    return target;
  }

  private static SnapshotName name(String text) {
    return new SnapshotName(text);
  }

  private static final List<String> STEPS =
      List.of(
          "mkdir -p app/data var/old; echo 1 > app/a; echo 2 > app/data/b; ln app/a app/linked;"
              + " echo x > var/old/f; mkfifo app/pipe; mknod app/null c 1 3; chmod 711 .",
          "rm -r var/old; rm app/data/b; echo new > app/data/c; chmod 700 app; mkdir -m 1777 tmp;"
              + " ln -s app/a link; cp app/a suid; chmod 4755 suid",
          "rm -r app/data; mkdir app/data; echo again > app/data/d; rm link; mkdir link;"
              + " touch -d '2001-02-03 04:05:06.123456789' suid link/f");

  @ParameterizedTest
  @ValueSource(strings = {"overlay", "copy"})
  void whatABuildCommitsAPullUnpacksToTheSameTree(String kind) throws IOException {
    try (Snapshotter builder = open(kind, "builder");
        Snapshotter overlay = open("overlay", "overlay");
        Snapshotter copy = open("copy", "copy")) {
      Optional<SnapshotName> parent = Optional.empty();
      for (int i = 0; i < STEPS.size(); i++) {
        SnapshotName step = name("step" + i);
        Path target = mount(builder.prepare(name("run"), parent));
        Shell.sh(target, STEPS.get(i));
        mounter.unmount(mounted.pop());
        builder.commit(name("run"), step);
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        WrittenLayer written =
            new LayerWriter(Compression.GZIP).write(builder.changes(step), layer);
        for (Snapshotter pulled : List.of(overlay, copy)) {
          Optional<SnapshotName> upon = pulled.fillsWithoutParent() ? Optional.empty() : parent;
          try (Fill fill = pulled.fill(upon)) {
            AppliedLayer applied =
                new LayerApplier(Limits.none())
                    .apply(new ByteArrayInputStream(layer.toByteArray()), fill.target());
            assertThat(applied.diffId()).isEqualTo(written.diffId());
            fill.commit(step, parent);
          }
        }
        parent = Optional.of(step);
      }
      String built = Shell.describe(mount(builder.view(name("v"), parent.orElseThrow())));
      String links = "(?m)^(.* f [0-9]+ [0-9:]+) [0-9]+ ";
      for (Snapshotter pulled : List.of(overlay, copy)) {
        Path seen = mount(pulled.prepare(name("c"), parent));
        assertThat(Shell.describe(seen).replaceAll(links, "$1 "))
            .isEqualTo(built.replaceAll(links, "$1 "));
        assertThat(Shell.sh(seen, "stat -c %a .")).isEqualTo("711\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlay", "copy"})
  void aHostileLayerLeavesNothingOfItself(String kind) throws IOException {
    byte[] evil =
        Tars.tar().directory("d").file("d/f", "x").symlink("l", "/tmp").file("l/evil", "x").bytes();
    try (Snapshotter snapshots = open(kind, "s")) {
      try (Fill fill = snapshots.fill(Optional.empty())) {
        assertThatThrownBy(() ->
                new LayerApplier(Limits.none())
                    .apply(new ByteArrayInputStream(evil), fill.target()))
            .isInstanceOf(Fault.InvalidArgument.class)
            .hasMessageContaining("l/evil");
      }
    }
    assertThat(Shell.sh(temp.resolve("s"), "ls -A")).isEmpty();
  }
}
