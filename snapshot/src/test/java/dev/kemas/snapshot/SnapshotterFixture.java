package dev.kemas.snapshot;

import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A snapshotter in a folder of its own, and what was mounted of it. */
abstract class SnapshotterFixture {
  @TempDir Path temp;
  final KernelMounter mounter = new KernelMounter();
  final Deque<Path> mounted = new ArrayDeque<>();
  final List<Snapshotter> opened = new ArrayList<>();
  Snapshotter snapshots;

  abstract Snapshotter open(Path root, Gate gate);

  Path root() {
    return temp.resolve("snapshots");
  }

  @BeforeEach
  void openSnapshots() {
    snapshots = reopen(Gate.OPEN);
  }

  Snapshotter reopen(Gate gate) {
    Snapshotter s = open(root(), gate);
    opened.add(s);
    return s;
  }

  @AfterEach
  void tidy() {
    while (!mounted.isEmpty()) {
      mounter.unmount(mounted.pop());
    }
    opened.forEach(Snapshotter::close);
  }

  Path mount(List<Mount> mounts) {
    try {
      Path target = Files.createTempDirectory(temp, "mnt");
      mounter.mount(mounts, target);
      mounted.push(target);
      return target;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void unmount(Path target) {
    mounter.unmount(target);
    mounted.remove(target);
  }

  static SnapshotName name(String text) {
    return new SnapshotName(text);
  }

  static Optional<SnapshotName> upon(String text) {
    return Optional.of(name(text));
  }

  /** Runs a script on top of a parent and commits what came of it. */
  void layer(String name, Optional<SnapshotName> parent, String script) {
    Path target = mount(snapshots.prepare(name("active-" + name), parent));
    Shell.sh(target, script);
    unmount(target);
    snapshots.commit(name("active-" + name), name(name));
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    snapshots.walk(s -> names.add(s.name().value()));
    return names;
  }
}
