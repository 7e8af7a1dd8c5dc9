package dev.kemas.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.RootDir;
import dev.kemas.metadata.RecordStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumesTest {
  private static final VolumeUse NOBODY = name -> List.of();

  @TempDir Path folder;
  private final List<String> heard = new ArrayList<>();
  private RecordStore store;
  private Volumes volumes;

  @BeforeEach
  void open() {
    store = RecordStore.open(folder.resolve("kemas.db"));
    volumes =
        Volumes.open(
            folder.resolve("volumes"),
            store,
            new KernelMounter(),
            (action, volume) -> heard.add(action + " " + volume.name()));
  }

  @AfterEach
  void close() {
    volumes.list().forEach(v -> volumes.release(v.name()));
    store.close();
    assertThat(MountTable.read().beneath(folder)).isEmpty();
  }

  private void reopen() {
    store.close();
    open();
  }

  private Volume make(String name) {
    return volumes.create(name, "", Map.of(), Map.of());
  }

  @Test
  void makingAVolumeTwiceIsMakingItOnce() throws IOException {
    Volume first = volumes.create("data", "local", Map.of(), Map.of("a", "b"));
    Files.writeString(first.mountpoint().resolve("f"), "x");
    assertThat(make("data")).isEqualTo(first);
    assertThat(first.mountpoint()).isEqualTo(folder.resolve("volumes/data/_data"));
    assertThat(heard).containsExactly("create data");
    reopen();
    assertThat(volumes.get("data")).isEqualTo(first);
    assertThat(first.mountpoint().resolve("f")).hasContent("x");
  }

  @Test
  void namesFollowDockersRule() {
    assertThatThrownBy(() -> make("a"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("volume name is too short");
    for (String bad : List.of("-ab", "a/b", "a b", ".ab", "../x", "é1")) {
      assertThatThrownBy(() -> make(bad))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining(
              "includes invalid characters for a local volume name, only"
                  + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
                  + " directory, use absolute path");
    }
    assertThat(make("").name()).matches("[0-9a-f]{64}");
    assertThat(make("").isAnonymous()).isTrue();
    assertThat(make("ok_1.x-y").isAnonymous()).isFalse();
  }

  @Test
  void unknownDriversAndOptionsAreRefused() {
    assertThatThrownBy(() -> volumes.create("vv", "nfs", Map.of(), Map.of()))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("plugin \"nfs\" not found");
    assertThatThrownBy(() -> volumes.create("vv", "", Map.of("x", "y"), Map.of()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("create vv: invalid option: \"x\"");
    assertThatThrownBy(() -> volumes.create("vv", "", Map.of("type", "tmpfs"), Map.of()))
        .hasMessage("create vv: missing required option: \"device\"");
    assertThatThrownBy(() -> volumes.get("vv"))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("get vv: no such volume");
  }

  @Test
  void aVolumeInUseStays() throws IOException {
    Volume data = make("data");
    Files.createDirectories(data.mountpoint().resolve("d/e"));
    assertThatThrownBy(() -> volumes.remove("data", name -> List.of("c1", "c2")))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage("remove data: volume is in use - [c1, c2]");
    assertThat(volumes.dangling(name -> List.of("c"))).isEmpty();
    volumes.remove("data", NOBODY);
    assertThat(folder.resolve("volumes")).isEmptyDirectory();
    assertThatThrownBy(() -> volumes.remove("data", NOBODY)).hasMessage("get data: no such volume");
    assertThat(heard).containsExactly("create data", "destroy data");
  }

  @Test
  void pruneTakesWhatIsAskedForAndCountsIt() throws IOException {
    Files.writeString(make("used").mountpoint().resolve("f"), "12345");
    Files.writeString(make("kept").mountpoint().resolve("f"), "12345");
    Volume anonymous = make("");
    Files.writeString(anonymous.mountpoint().resolve("f"), "12345");
    Volumes.Pruned pruned =
        volumes.prune(Volume::isAnonymous, name -> name.equals("used") ? List.of("c") : List.of());
    assertThat(pruned.names()).containsExactly(anonymous.name());
    // a block for each: the volume's folder, the data's folder, the file
    assertThat(pruned.bytes()).isBetween(3 * 512L, 3 * 4096L);
    assertThat(volumes.list()).extracting(Volume::name).containsExactly("kept", "used");
  }

  @Test
  void optionsMountSomethingElse() throws IOException {
    Path host = Files.createDirectory(folder.resolve("host"));
    Files.writeString(host.resolve("f"), "x");
    volumes.create(
        "bound", "", Map.of("type", "none", "o", "bind", "device", host.toString()), Map.of());
    volumes.create(
        "mem", "", Map.of("type", "tmpfs", "o", "size=1m,uid=7", "device", "tmpfs"), Map.of());
    assertThat(volumes.mountpoint("bound").resolve("f")).hasContent("x");
    Path memory = volumes.mountpoint("mem");
    volumes.mountpoint("mem");
    assertThat(MountTable.read().beneath(folder)).hasSize(2);
    assertThat(Files.getAttribute(memory, "unix:uid")).isEqualTo(7);
    volumes.release("mem");
    volumes.remove("bound", NOBODY);
    assertThat(host.resolve("f")).hasContent("x");
    assertThat(MountTable.read().beneath(folder)).isEmpty();
    volumes.create(
        "nowhere", "", Map.of("type", "none", "o", "bind", "device", "/no/where"), Map.of());
    assertThatThrownBy(() -> volumes.mountpoint("nowhere"))
        .hasMessageContaining("failed to mount local volume");
  }

  private RootDir image() throws IOException {
    Path image = Files.createDirectories(folder.resolve("image"));
    Path data = Files.createDirectories(image.resolve("app/data/sub"));
    Files.writeString(data.resolve("f"), "content");
    Files.createLink(data.resolveSibling("same"), data.resolve("f"));
    Files.createSymbolicLink(data.resolve("link"), Path.of("/etc/passwd"));
    Files.setAttribute(data.resolve("f"), "unix:uid", 11);
    Files.setAttribute(data.resolve("f"), "unix:gid", 12);
    Files.setAttribute(data.resolve("f"), "unix:mode", 04751);
    Files.setLastModifiedTime(
        data.resolve("f"), FileTime.from(Instant.parse("2001-02-03T04:05:06.789Z")));
    Files.setAttribute(data.getParent(), "unix:uid", 33);
    Files.setPosixFilePermissions(data.getParent(), PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(image.resolve("way"), Path.of("/app"));
    Files.writeString(image.resolve("file"), "");
    return RootDir.open(image);
  }

  private static Object unix(Path path, String attribute) throws IOException {
    return Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
  }

  private void assertFilled(Path data) throws IOException {
    assertThat(unix(data, "uid")).isEqualTo(33);
    assertThat((int) unix(data, "mode") & 07777).isEqualTo(0700);
    Path file = data.resolve("sub/f");
    assertThat(file).hasContent("content");
    assertThat(unix(file, "uid")).isEqualTo(11);
    assertThat(unix(file, "gid")).isEqualTo(12);
    assertThat((int) unix(file, "mode") & 07777).isEqualTo(04751);
    assertThat(unix(file, "ino")).isEqualTo(unix(data.resolve("same"), "ino"));
    assertThat(Files.getLastModifiedTime(file).toInstant())
        .isEqualTo(Instant.parse("2001-02-03T04:05:06.789Z"));
    assertThat(Files.readSymbolicLink(data.resolve("sub/link"))).isEqualTo(Path.of("/etc/passwd"));
  }

  @Test
  void anEmptyVolumeGetsWhatTheImageHasThere() throws IOException {
    Volume data = make("data");
    try (RootDir image = image()) {
      assertThat(volumes.fill("data", image, "/nothing")).isFalse();
      assertThat(volumes.fill("data", image, "/way/data")).isTrue();
      assertFilled(data.mountpoint());
      // two files of a block each, the folders around them
      assertThat(volumes.usage("data")).isBetween(2 * 512L, 10 * 4096L);
      Files.delete(data.mountpoint().resolve("same"));
      assertThat(volumes.fill("data", image, "/app/data")).isFalse();
      assertThat(data.mountpoint().resolve("same")).doesNotExist();
      make("other");
      assertThatThrownBy(() -> volumes.fill("other", image, "/file"))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("cannot mount volume over existing file");
      volumes.create("mem", "", Map.of("type", "tmpfs", "device", "tmpfs"), Map.of());
      assertThat(volumes.fill("mem", image, "/app/data")).isTrue();
      assertFilled(volumes.get("mem").mountpoint());
    }
  }

  @Test
  void aCrashWhileFillingLeavesNothingHalfDone() throws IOException {
    Volume data = make("data");
    Path half = Files.createDirectories(folder.resolve("volumes/data/_fill/sub"));
    Files.writeString(half.resolve("f"), "cont");
    reopen();
    assertThat(data.mountpoint()).isEmptyDirectory();
    assertThat(half).doesNotExist();

    try (RootDir image = image()) {
      volumes.fill("data", image, "/app/data");
    }
    Path full = folder.resolve("volumes/data/_full");
    Files.createDirectory(full);
    Files.setPosixFilePermissions(full, PosixFilePermissions.fromString("rwx------"));
    Files.setAttribute(full, "unix:uid", 33);
    Files.move(data.mountpoint().resolve("sub"), full.resolve("sub"));
    reopen();
    assertFilled(data.mountpoint());
    assertThat(full).doesNotExist();
  }

  @Test
  void aCrashWhileMakingOrRemovingIsRepaired() throws IOException {
    Volume gone = make("gone");
    Files.writeString(gone.mountpoint().resolve("f"), "x");
    Files.move(folder.resolve("volumes/gone"), folder.resolve("volumes/.removed-123"));
    Files.createDirectories(folder.resolve("volumes/made/_data"));
    reopen();
    assertThat(volumes.list()).extracting(Volume::name).containsExactly("made");
    assertThat(folder.resolve("volumes/.removed-123")).doesNotExist();
  }

  @Test
  void manyAtOnceMakeOneVolume() throws Exception {
    List<Volume> made = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(Thread.ofVirtual().start(() -> made.add(make("one"))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(made).hasSize(20).allMatch(v -> v.equals(volumes.get("one")));
    assertThat(heard).containsExactly("create one");
  }
}
