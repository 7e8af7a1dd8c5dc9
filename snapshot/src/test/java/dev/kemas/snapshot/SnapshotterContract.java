package dev.kemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every snapshotter does. */
abstract class SnapshotterContract extends SnapshotterFixture {
  /** Everything a layer can hold. */
  static final String BASE =
      """
      mkdir -p bin etc/deep/er var/empty gone/a opaque/old
      echo hello > etc/hello; printf x > etc/deep/er/x; echo 1 > gone/a/f; echo 1 > opaque/old/f
      head -c 300000 /dev/urandom > bin/large; ln bin/large bin/large2
      cp etc/hello bin/setuid; chown 1000:2000 bin/setuid; chmod 6755 bin/setuid
      ln -s ../etc/hello bin/hello; mkfifo -m 600 var/pipe
      mknod -m 660 var/null c 1 3; mknod var/disk b 8 17; mkdir -m 1777 tmp
      touch -h -d '2001-02-03 04:05:06.123456789 UTC' etc/hello bin/hello var/pipe
      """;

  /** Changes of every kind to it. */
  static final String CHANGES =
      """
      rm -r gone; rm -r opaque; mkdir opaque; echo new > opaque/new
      rm bin/hello; echo changed > etc/hello; chmod 700 tmp
      rm -r var/empty; echo file > var/empty; rm bin/large bin/large2; ln bin/setuid bin/linked
      rm etc/deep/er/x; touch -d '2020-01-01 00:00:00.5 UTC' etc/hello; mkdir fresh
      """;

  // ---- what is seen

  @Test
  void aSnapshotOfNothingIsAnEmptyWritableFolder() throws IOException {
    Path target = mount(snapshots.prepare(name("c"), Optional.empty()));
    assertThat(Shell.sh(target, "stat -c '%a %u:%g' .; ls -A; echo x > f; cat f"))
        .isEqualTo("755 0:0\nx\n");
  }

  @Test
  void everythingInALayerIsSeenThroughIt() throws IOException {
    layer("base", Optional.empty(), BASE);
    byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
    Path top = mount(snapshots.prepare(name("top"), upon("base")));
    try (Directory bin = Directory.open(top.resolve("bin"))) {
      bin.setXattr("setuid", "security.capability", capability);
    }
    String before = Shell.describe(top);
    assertThat(before)
        .contains("./bin/setuid f 6755 1000:2000")
        .contains("./etc/hello f 644 0:0 1 6 981173106.1234567890")
        .contains("./bin/hello l 777 0:0 1 12 981173106.1234567890 ../etc/hello")
        .contains("./var/null 1:3")
        .contains("./var/disk 8:11")
        .contains("./tmp d 1777")
        .contains("bin/setuid security.capability=" + HexFormat.of().formatHex(capability));
    unmount(top);
    snapshots.commit(name("top"), name("layer"));
    assertThat(Shell.describe(mount(snapshots.view(name("v"), name("layer"))))).isEqualTo(before);
    assertThat(Shell.describe(mount(snapshots.prepare(name("again"), upon("layer")))))
        .isEqualTo(before);
  }

  @Test
  void changesAreSeenThroughFurtherLayersAndLeaveTheParentAlone() throws IOException {
    Path model = Files.createDirectory(temp.resolve("model"));
    Shell.sh(model, BASE);
    layer("base", Optional.empty(), "cp -a " + model + "/. .");
    layer("changed", upon("base"), CHANGES);
    layer("more", upon("changed"), "echo more > more; rm opaque/new");
    assertThat(Shell.describe(mount(snapshots.view(name("v"), name("base")))))
        .isEqualTo(Shell.describe(model));
    Shell.sh(model, CHANGES + "echo more > more; rm opaque/new");
    Path top = mount(snapshots.prepare(name("c"), upon("more")));
    // what the changes touched has the moment they ran as its time
    assertThat(Shell.describe(top).replaceAll(" [0-9]{10}\\.[0-9]{10}", ""))
        .isEqualTo(Shell.describe(model).replaceAll(" [0-9]{10}\\.[0-9]{10}", ""));
    assertThat(Shell.sh(top, "stat -c %y etc/hello bin/setuid"))
        .isEqualTo(
            Shell.sh(model, "stat -c %y etc/hello; stat -c %y " + temp + "/model/bin/setuid"));
  }

  @Test
  void aViewCannotBeWrittenTo() {
    layer("base", Optional.empty(), "echo x > f");
    layer("top", upon("base"), "echo y > g");
    for (String layer : List.of("base", "top")) {
      Path target = mount(snapshots.view(name("view-" + layer), name(layer)));
      assertThat(Shell.sh(target, "cat f; ! touch new 2>&1")).contains("x", "Read-only");
    }
  }

  @Test
  void siblingsDoNotSeeEachOther() {
    layer("base", Optional.empty(), "echo x > f");
    Path one = mount(snapshots.prepare(name("one"), upon("base")));
    Path two = mount(snapshots.prepare(name("two"), upon("base")));
    Shell.sh(one, "echo one > f; rm -f nothing");
    assertThat(Shell.sh(two, "cat f; rm f")).isEqualTo("x\n");
    assertThat(Shell.sh(one, "cat f")).isEqualTo("one\n");
  }

  @Test
  void theRootsAttributesAreInherited() {
    layer("base", Optional.empty(), "chmod 711 .; chown 5:6 .");
    layer("top", upon("base"), "touch f");
    assertThat(Shell.sh(mount(snapshots.prepare(name("c"), upon("top"))), "stat -c '%a %u:%g' ."))
        .isEqualTo("711 5:6\n");
    try (Fill fill = snapshots.fill(upon("base"))) {
      fill.commit(name("untouched"), upon("base"));
    }
    try (Fill fill = snapshots.fill(upon("base"))) {
      Shell.sh(fill.target().root(), "chmod 750 .");
      fill.commit(name("set"), upon("base"));
    }
    assertThat(
            Shell.sh(
                mount(snapshots.prepare(name("u"), upon("untouched"))), "stat -c '%a %u:%g' ."))
        .isEqualTo("711 5:6\n");
    assertThat(Shell.sh(mount(snapshots.prepare(name("s"), upon("set"))), "stat -c %a ."))
        .isEqualTo("750\n");
  }

  @Test
  void anImageOf127LayersIsSeenAsOne() {
    Optional<SnapshotName> parent = Optional.empty();
    for (int i = 1; i <= 127; i++) {
      SnapshotName name =
          SnapshotName.of(Digest.of(("layer " + i).getBytes(StandardCharsets.UTF_8)));
      try (Fill fill = snapshots.fill(parent)) {
        Shell.sh(
            fill.target().root(),
            "echo " + i + " > top;" + (i % 63 == 1 ? "echo " + i + " > layer" + i : ""));
        fill.commit(name, parent);
      }
      parent = Optional.of(name);
    }
    Path target = mount(snapshots.prepare(name("c"), parent));
    assertThat(Shell.sh(target, "ls; cat top layer1 layer127; echo w > layer64"))
        .isEqualTo("layer1\nlayer127\nlayer64\ntop\n127\n1\n127\n");
    assertThat(Shell.sh(mount(snapshots.view(name("v"), parent.orElseThrow())), "cat layer64"))
        .isEqualTo("64\n");
  }

  // ---- filling

  @Test
  void aFillIsSeenOnceItIsCommitted() {
    layer("base", Optional.empty(), "mkdir d; echo x > d/f; echo y > g");
    try (Fill fill = snapshots.fill(upon("base"))) {
      Path into = fill.target().root();
      switch (fill.target().whiteouts()) {
        case OVERLAY -> Shell.sh(into, "mkdir d; mknod d/f c 0 0; echo new > d/new");
        case PLAIN -> Shell.sh(into, "rm d/f; echo new > d/new");
      }
      assertThat(snapshots.stat(name("top"))).isEmpty();
      SnapshotInfo info = fill.commit(name("top"), upon("base"));
      assertThat(info.kind()).isEqualTo(SnapshotInfo.Kind.COMMITTED);
      assertThat(info.parent()).isEqualTo(upon("base"));
    }
    assertThat(Shell.sh(mount(snapshots.view(name("v"), name("top"))), "find . -type f | sort"))
        .isEqualTo("./d/new\n./g\n");
  }

  @Test
  void aFillThatIsClosedLeavesNothing() {
    try (Fill fill = snapshots.fill(Optional.empty())) {
      Shell.sh(fill.target().root(), "echo x > f");
    }
    snapshots.close();
    assertThat(Shell.sh(root(), "ls -A")).isEmpty();
  }

  @Test
  void committingALayerThatIsThereAlreadyIsASuccess() {
    for (String content : List.of("first", "second")) {
      try (Fill fill = snapshots.fill(Optional.empty())) {
        Shell.sh(fill.target().root(), "echo " + content + " > f");
        fill.commit(name("layer"), Optional.empty());
      }
    }
    Path target = mount(snapshots.prepare(name("c"), upon("layer")));
    assertThat(Shell.sh(target, "cat f")).isEqualTo("first\n");
    unmount(target);
    snapshots.commit(name("c"), name("layer"));
    assertThat(snapshots.stat(name("c"))).isEmpty();
    try (Snapshotter after = reopen(Gate.OPEN)) {
      assertThat(after.stat(name("layer"))).isPresent();
    }
  }

  @Test
  void theSameLayerCommittedByManyAtOnceIsThereOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<SnapshotInfo>> tasks = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        tasks.add(() -> {
          try (Fill fill = snapshots.fill(Optional.empty())) {
            Files.writeString(fill.target().root().resolve("f"), "x");
            return fill.commit(name("layer"), Optional.empty());
          }
        });
      }
      for (Future<SnapshotInfo> done : threads.invokeAll(tasks)) {
        assertThat(done.get().name()).isEqualTo(name("layer"));
      }
    }
    assertThat(names()).containsExactly("layer");
    snapshots.close();
    assertThat(Shell.sh(root(), "ls -A | wc -l")).isEqualTo("1\n");
  }

  @Test
  void aFillGoesUponTheParentItWasMadeWith() {
    layer("base", Optional.empty(), "echo x > f");
    layer("other", Optional.empty(), "echo x > f");
    Fill fill = snapshots.fill(upon("base"));
    assertThatThrownBy(() -> fill.commit(name("top"), upon("other")))
        .isInstanceOf(Fault.InvalidArgument.class);
    assertThatThrownBy(() -> fill.commit(name("top"), upon("base")))
        .isInstanceOf(Fault.Conflict.class);
    assertThat(snapshots.stat(name("top"))).isEmpty();
  }

  @Test
  void theParentOfAFillCannotGo() {
    layer("base", Optional.empty(), "echo x > f");
    try (Fill fill = snapshots.fill(upon("base"))) {
      assertThatThrownBy(() -> snapshots.remove(name("base"))).isInstanceOf(Fault.Conflict.class);
      assertThat(fill.target().root()).exists();
    }
    snapshots.remove(name("base"));
  }

  // ---- names and kinds

  @Test
  void aNameIsTakenOnce() {
    snapshots.prepare(name("c"), Optional.empty());
    assertThatThrownBy(() -> snapshots.prepare(name("c"), Optional.empty()))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("c");
    layer("base", Optional.empty(), "true");
    assertThatThrownBy(() -> snapshots.view(name("c"), name("base")))
        .isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> snapshots.commit(name("c"), name("c")))
        .isInstanceOf(Fault.Conflict.class);
    try (Fill fill = snapshots.fill(Optional.empty())) {
      assertThatThrownBy(() -> fill.commit(name("c"), Optional.empty()))
          .isInstanceOf(Fault.Conflict.class);
    }
    snapshots.remove(name("c"));
    snapshots.prepare(name("c"), Optional.empty());
  }

  @Test
  void aParentMustBeACommittedSnapshot() {
    snapshots.prepare(name("active"), Optional.empty());
    for (String parent : List.of("active", "missing")) {
      assertThatThrownBy(() -> snapshots.prepare(name("c"), upon(parent)))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining(parent);
      assertThatThrownBy(() -> snapshots.view(name("c"), name(parent)))
          .isInstanceOf(Fault.NotFound.class);
      assertThatThrownBy(() -> snapshots.fill(upon(parent))).isInstanceOf(Fault.NotFound.class);
    }
    assertThat(names()).containsExactly("active");
  }

  @Test
  void mountsAreOfActiveSnapshotsAndViews() {
    layer("base", Optional.empty(), "true");
    assertThat(snapshots.prepare(name("c"), upon("base"))).isEqualTo(snapshots.mounts(name("c")));
    assertThat(snapshots.view(name("v"), name("base"))).isEqualTo(snapshots.mounts(name("v")));
    for (String other : List.of("base", "missing")) {
      assertThatThrownBy(() -> snapshots.mounts(name(other)))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining(other);
    }
    assertThatThrownBy(() -> snapshots.commit(name("v"), name("n")))
        .isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> snapshots.changes(name("v")))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void aSnapshotThatOthersLieUponCannotGo() {
    layer("base", Optional.empty(), "true");
    layer("top", upon("base"), "true");
    snapshots.prepare(name("c"), upon("top"));
    assertThatThrownBy(() -> snapshots.remove(name("base")))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("top");
    assertThatThrownBy(() -> snapshots.remove(name("top")))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("c");
    snapshots.remove(name("c"));
    snapshots.remove(name("top"));
    snapshots.remove(name("base"));
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> snapshots.remove(name("base"))).isInstanceOf(Fault.NotFound.class);
    snapshots.close();
    assertThat(Shell.sh(root(), "ls -A")).isEmpty();
  }

  @Test
  void aWalkComesToChildrenFirst() {
    layer("a", Optional.empty(), "true");
    layer("b", upon("a"), "true");
    layer("c", upon("b"), "true");
    snapshots.prepare(name("x"), upon("a"));
    List<String> names = names();
    assertThat(names).containsExactlyInAnyOrder("a", "b", "c", "x");
    assertThat(names.indexOf("c")).isLessThan(names.indexOf("b"));
    assertThat(names.indexOf("b")).isLessThan(names.indexOf("a"));
    assertThat(names.indexOf("x")).isLessThan(names.indexOf("a"));
    snapshots.walk(s -> snapshots.remove(s.name()));
    assertThat(names()).isEmpty();
  }

  @Test
  void everythingIsThereAgainAfterTheProcessEnds() {
    layer("base", Optional.empty(), "echo x > f");
    snapshots.prepare(name("c"), upon("base"));
    snapshots.view(name("v"), name("base"));
    Snapshotter after = reopen(Gate.OPEN);
    for (String name : List.of("base", "c", "v")) {
      assertThat(after.stat(name(name))).isEqualTo(snapshots.stat(name(name))).isPresent();
    }
    assertThat(after.mounts(name("c"))).isEqualTo(snapshots.mounts(name("c")));
    assertThat(after.mounts(name("v"))).isEqualTo(snapshots.mounts(name("v")));
    assertThatThrownBy(() -> after.remove(name("base"))).isInstanceOf(Fault.Conflict.class);
    after.prepare(name("d"), upon("base"));
  }

  @Test
  void usageCountsBlocksAndInodesOnce() {
    layer(
        "base", Optional.empty(), "head -c 100000 /dev/urandom > f; ln f g; mkdir d; echo x > d/h");
    Usage usage = snapshots.usage(name("base"));
    // the root, f, d, d/h; the copy snapshotter's child has all of them again
    assertThat(usage.inodes()).isEqualTo(4);
    assertThat(usage.bytes()).isBetween(100_000L, 130_000L);
    assertThat(snapshots.allocated(name("base")))
        .isBetween(usage.bytes() + 4096, usage.bytes() + 20_000);
    assertThat(reopen(Gate.OPEN).usage(name("base"))).isEqualTo(usage);
    snapshots.view(name("v"), name("base"));
    assertThat(snapshots.usage(name("v"))).isEqualTo(new Usage(0, 0));
    assertThatThrownBy(() -> snapshots.usage(name("missing"))).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void manyContainersComeAndGoAtOnce() throws Exception {
    layer("base", Optional.empty(), "echo x > f");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        SnapshotName key = name("c" + i);
        tasks.add(() -> {
          snapshots.prepare(key, upon("base"));
          snapshots.mounts(key);
          snapshots.remove(key);
          return true;
        });
      }
      for (Future<Boolean> done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(names()).containsExactly("base");
    snapshots.remove(name("base"));
  }
}
