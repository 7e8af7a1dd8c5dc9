package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootDirTest {
  @TempDir Path temp;
  private Path rootPath;
  private Path outside;

  @BeforeEach
  void tree() throws Exception {
    rootPath = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
  }

  private static void put(RootDir root, String path, String content) {
    RootDir.Place place = root.at(path);
    try (OpenFile file = place.directory().create(place.name(), 0644)) {
      file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void links_that_point_outside_end_inside() throws Exception {
    Files.createSymbolicLink(rootPath.resolve("abs"), outside.toAbsolutePath());
    Files.createSymbolicLink(rootPath.resolve("up"), Path.of("../../../.."));
    try (RootDir root = RootDir.open(rootPath)) {
      assertThatThrownBy(() -> root.at("abs/x")).isInstanceOf(Fault.NotFound.class);
      put(root, "up/file", "x");
      put(root, "../../other", "y");
    }
    assertThat(rootPath.resolve("file")).exists();
    assertThat(rootPath.resolve("other")).exists();
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void a_symlink_as_the_last_component_is_not_written_through() throws Exception {
    Files.writeString(outside.resolve("precious"), "p");
    Files.createSymbolicLink(rootPath.resolve("link"), outside.resolve("precious"));
    try (RootDir root = RootDir.open(rootPath)) {
      RootDir.Place place = root.at("link");
      assertThatThrownBy(() -> place.directory().create("link", 0644))
          .isInstanceOf(Fault.Conflict.class);
      assertThatThrownBy(() -> place.directory().openForWrite("link"))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("ELOOP");
      place.directory().chown("link", 12, 34);
      place.directory().times("link", Instant.ofEpochSecond(5, 7), Instant.ofEpochSecond(6, 8));
      assertThat(place.directory().stat("link").orElseThrow())
          .satisfies(s -> {
            assertThat(s.type()).isEqualTo(FileType.SYMLINK);
            assertThat(s.uid()).isEqualTo(12);
            assertThat(s.gid()).isEqualTo(34);
            assertThat(s.modified()).isEqualTo(Instant.ofEpochSecond(6, 8));
          });
      assertThatThrownBy(() -> place.directory().chmod("link", 0777)).isInstanceOf(Fault.class);
      assertThat(place.directory().readlink("link")).isEqualTo(outside + "/precious");
    }
    assertThat(Files.readString(outside.resolve("precious"))).isEqualTo("p");
    assertThat(Files.getAttribute(outside.resolve("precious"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void names_that_are_no_entry_are_refused() {
    try (RootDir root = RootDir.open(rootPath)) {
      for (String bad : List.of("", "/", ".", "a/..", "..", "x\0y")) {
        assertThatThrownBy(
                () -> {
                  RootDir.Place place = root.at(bad);
                  place.directory().mkdir(place.name(), 0755);
                })
            .as(bad)
            .isInstanceOfAny(Fault.InvalidArgument.class, Fault.NotFound.class);
      }
      for (String good : List.of("/one", "two/", "./three", "four/.", "//five//")) {
        RootDir.Place place = root.at(good);
        place.directory().mkdir(place.name(), 0755);
      }
      assertThat(root.root().list())
          .extracting(Directory.Entry::name)
          .containsExactlyInAnyOrder("one", "two", "three", "four", "five");
    }
  }

  @Test
  void every_kind_of_entry_keeps_its_attributes() {
    try (RootDir root = RootDir.open(rootPath)) {
      Directory d = root.root();
      String odd = FileNames.decode(new byte[] {'n', (byte) 0xFF, (byte) 0xC0});
      try (OpenFile file = d.create(odd, 0600)) {
        file.write(ByteBuffer.wrap(new byte[1000]));
        file.chown(7, 8);
        file.chmod(04755);
        file.setXattr("user.one", new byte[] {1, 0, 2});
        file.times(Instant.EPOCH, Instant.ofEpochSecond(-1, 999_999_999));
        assertThat(file.stat().permissions()).isEqualTo(04755);
        assertThat(file.stat().size()).isEqualTo(1000);
      }
      d.mknod("null", FileType.CHARACTER_DEVICE, 0666, 1, 3);
      d.mknod("big", FileType.BLOCK_DEVICE, 0600, 4000, 1_000_000);
      d.mknod("fifo", FileType.FIFO, 0600, 0, 0);
      d.link(d, "fifo", "fifo2");
      d.setXattr("null", "trusted.note", "v".getBytes(StandardCharsets.UTF_8));
      assertThat(d.stat(odd).orElseThrow().modified())
          .isEqualTo(Instant.ofEpochSecond(-1, 999_999_999));
      assertThat(d.xattrs(odd)).containsOnlyKeys("user.one");
      assertThat(d.xattr(odd, "user.one").orElseThrow()).containsExactly(1, 0, 2);
      assertThat(d.xattr(odd, "user.two")).isEmpty();
      assertThat(d.xattrs("null")).containsOnlyKeys("trusted.note");
      assertThat(d.stat("big").orElseThrow())
          .satisfies(s -> {
            assertThat(s.specialMajor()).isEqualTo(4000);
            assertThat(s.specialMinor()).isEqualTo(1_000_000);
          });
      assertThat(d.stat("fifo").orElseThrow().links()).isEqualTo(2);
      assertThat(d.stat("fifo").orElseThrow().isSameFile(d.stat("fifo2").orElseThrow())).isTrue();
      assertThat(d.stat("none")).isEmpty();
      d.rename("fifo", d, "null", Directory.Rename.EXCHANGE);
      assertThat(d.stat("fifo").orElseThrow().type()).isEqualTo(FileType.CHARACTER_DEVICE);
      assertThatThrownBy(() -> d.rename("big", d, "null", Directory.Rename.KEEP))
          .isInstanceOf(Fault.Conflict.class);
    }
  }

  @Test
  void a_listing_has_every_entry_of_a_large_directory() {
    try (RootDir root = RootDir.open(rootPath)) {
      List<String> names = IntStream.range(0, 3000).mapToObj(i -> "entry-number-" + i).toList();
      names.forEach(n -> root.root().mknod(n, FileType.REGULAR, 0600, 0, 0));
      assertThat(root.root().list())
          .extracting(Directory.Entry::name)
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void a_copy_has_the_content_also_of_a_file_of_proc() throws Exception {
    byte[] content = new byte[300_000];
    new java.util.Random(1).nextBytes(content);
    Files.write(rootPath.resolve("a"), content);
    try (RootDir root = RootDir.open(rootPath);
        RootDir proc = RootDir.open(Path.of("/proc"));
        OpenFile from = root.openForRead("a");
        OpenFile version = proc.openForRead("version");
        OpenFile b = root.root().create("b", 0644);
        OpenFile c = root.root().create("c", 0644)) {
      b.copyFrom(from);
      c.copyFrom(version);
    }
    assertThat(Files.readAllBytes(rootPath.resolve("b"))).isEqualTo(content);
    assertThat(Files.readString(rootPath.resolve("c"))).startsWith("Linux version");
  }

  @Test
  void mkdirs_makes_what_is_missing_with_the_mode_asked_for() throws Exception {
    Files.createSymbolicLink(rootPath.resolve("link"), Path.of("/real"));
    Files.createDirectory(rootPath.resolve("real"));
    try (RootDir root = RootDir.open(rootPath)) {
      assertThat(root.mkdirs("/link/a/b", 0777)).isEqualTo(2);
      assertThat(root.mkdirs("/link/a/b", 0777)).isZero();
      assertThat(root.stat("real/a/b").orElseThrow().permissions()).isEqualTo(0777);
    }
  }

  @Test
  void a_tree_goes_with_its_links_but_not_what_they_point_to() throws Exception {
    Files.writeString(outside.resolve("precious"), "p");
    Path tree = Files.createDirectories(rootPath.resolve("tree/a/b"));
    Files.createSymbolicLink(tree.resolve("out"), outside);
    Files.createSymbolicLink(rootPath.resolve("top"), outside);
    try (RootDir root = RootDir.open(rootPath)) {
      root.root().removeTree("tree");
      root.root().removeTree("top");
      root.root().removeTree("never-was");
    }
    assertThat(rootPath).isEmptyDirectory();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void a_tree_of_any_depth_goes() {
    try (RootDir root = RootDir.open(rootPath)) {
      Directory here = root.root();
      for (int i = 0; i < 1500; i++) {
        here.mkdir("deeper", 0755);
        here.mkdir("beside", 0755);
        Directory next = here.openDirectory("deeper");
        if (i > 0) {
          here.close();
        }
        here = next;
      }
      here.close();
      root.root().removeTree("deeper");
      root.root().removeTree("beside");
      assertThat(root.root().list()).isEmpty();
    }
  }
}
