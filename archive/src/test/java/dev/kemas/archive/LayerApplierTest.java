package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a layer holds is what the folder has. */
class LayerApplierTest extends LayerFixture {
  @Test
  void everyAttributeOfAnEntryIsSet() throws IOException {
    byte[] capability = HexFormat.of().parseHex("0100000200200000000000000000000000000000");
    apply(
        tar()
            .directory("bin/", 0755)
            .file(
                "bin/ping",
                "ping",
                04755,
                1000,
                70_000,
                Map.of("security.capability", capability, "user.note", new byte[] {0, 1, -1}))
            .bytes());
    Stat ping = stat("bin/ping");
    assertThat(ping.permissions()).isEqualTo(04755);
    assertThat(ping.uid()).isEqualTo(1000);
    assertThat(ping.gid()).isEqualTo(70_000);
    assertThat(ping.modified()).isEqualTo(Tars.TIME);
    try (Directory bin = Directory.open(root.resolve("bin"))) {
      assertThat(bin.xattr("ping", "security.capability").orElseThrow()).isEqualTo(capability);
      assertThat(bin.xattr("ping", "user.note").orElseThrow()).containsExactly(0, 1, -1);
    }
    assertThat(Files.readString(root.resolve("bin/ping"))).isEqualTo("ping");
  }

  @Test
  void everyTypeOfEntryIsMade() throws IOException {
    AppliedLayer applied =
        apply(
            tar()
                .directory("dev")
                .device("dev/null", TarEntry.Type.CHARACTER_DEVICE, 1, 3)
                .device("dev/sda", TarEntry.Type.BLOCK_DEVICE, 8, 300)
                .special("dev/pipe", TarEntry.Type.FIFO, "", 0, 0)
                .symlink("dev/fd", "/proc/self/fd")
                .file("a", "12345")
                .hardLink("b", "a")
                .bytes());
    assertThat(applied.entries()).isEqualTo(7);
    assertThat(applied.content()).isEqualTo(5);
    assertThat(stat("dev/null").type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(stat("dev/null").specialMinor()).isEqualTo(3);
    assertThat(stat("dev/sda").type()).isEqualTo(FileType.BLOCK_DEVICE);
    assertThat(stat("dev/sda").specialMinor()).isEqualTo(300);
    assertThat(stat("dev/pipe").type()).isEqualTo(FileType.FIFO);
    assertThat(stat("dev/pipe").permissions()).isEqualTo(0640);
    assertThat(Files.readSymbolicLink(root.resolve("dev/fd"))).hasToString("/proc/self/fd");
    assertThat(stat("dev/fd").modified()).isEqualTo(Tars.TIME);
    assertThat(stat("a").isSameFile(stat("b"))).isTrue();
  }

  @Test
  void directoriesKeepTheirTimesWhateverIsPutIntoThemLater() {
    apply(
        tar()
            .directory("./", 0711)
            .directory("a")
            .directory("a/b")
            .file("a/b/one", "1")
            .file("c", "1")
            .file("a/two", "2")
            .file("a/b/three", "3")
            .bytes());
    for (String folder : new String[] {".", "a", "a/b"}) {
      assertThat(folder.equals(".") ? statOfRoot() : stat(folder))
          .as(folder)
          .extracting(Stat::modified)
          .isEqualTo(Tars.TIME);
    }
    assertThat(statOfRoot().permissions()).isEqualTo(0711);
  }

  Stat statOfRoot() {
    try (Directory in = Directory.open(root)) {
      return in.stat();
    }
  }

  @Test
  void foldersThatTheArchiveLeavesOutAreMade() {
    apply(tar().file("a/b/c/file", "x").bytes());
    assertThat(stat("a/b").permissions()).isEqualTo(0755);
    assertThat(stat("a/b/c/file").size()).isEqualTo(1);
  }

  @Test
  void aSetgidFolderDoesNotRubOffOnWhatIsInIt() {
    apply(
        tar()
            .put(
                new TarEntry(
                    "mail/",
                    TarEntry.Type.DIRECTORY,
                    02775,
                    0,
                    8,
                    0,
                    Tars.TIME,
                    "",
                    0,
                    0,
                    Map.of()),
                new byte[0])
            .directory("mail/box", 0700)
            .file("mail/spool", "x")
            .bytes());
    assertThat(stat("mail").permissions()).isEqualTo(02775);
    assertThat(stat("mail/box").permissions()).isEqualTo(0700);
    assertThat(stat("mail/box").gid()).isZero();
    assertThat(stat("mail/spool").gid()).isZero();
  }

  @Test
  void aLaterEntryReplacesAnEarlierOne() throws IOException {
    apply(
        tar()
            .file("a", "old")
            .file("a", "new")
            .directory("d")
            .file("d/inner", "x")
            .symlink("d", "a")
            .symlink("s", "/nowhere")
            .directory("s")
            .file("s/inner", "y")
            .bytes());
    assertThat(Files.readString(root.resolve("a"))).isEqualTo("new");
    assertThat(Files.isSymbolicLink(root.resolve("d"))).isTrue();
    assertThat(Files.readString(root.resolve("s/inner"))).isEqualTo("y");
  }

  @Test
  void namesThatAreNotUtf8SurviveAsTheirBytes() {
    apply(tar().file("caf\udce9", "latin1").file("dir\udcff/x", "1").bytes());
    assertThat(Shell.sh(root, "printf %s caf* | od -An -tx1")).contains("63 61 66 e9");
  }

  @Test
  void namesOfAnyLengthAreKept() {
    String deep = "d".repeat(200) + "/" + "e".repeat(200) + "/" + "f".repeat(255);
    apply(tar().file(deep, "x").symlink("link", "t".repeat(1000)).bytes());
    assertThat(stat(deep).size()).isEqualTo(1);
    assertThat(stat("link").size()).isEqualTo(1000);
  }
}
