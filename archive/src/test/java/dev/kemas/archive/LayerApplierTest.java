package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerApplierTest {
  @TempDir Path temp;
  Path root;
  Path outside;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "untouched");
  }

  AppliedLayer apply(byte[] layer, WhiteoutFormat format) {
    try {
      return new LayerApplier(Limits.none())
          .apply(new ByteArrayInputStream(layer), new LayerTarget(root, format));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  AppliedLayer apply(byte[] layer) {
    return apply(layer, WhiteoutFormat.OVERLAY);
  }

  Stat stat(String path) {
    Path file = root.resolve(path);
    try (Directory in = Directory.open(file.getParent())) {
      return in.stat(file.getFileName().toString()).orElseThrow();
    }
  }

  // ---- what a layer holds

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

  // ---- removals

  @Test
  void aRemovalIsADevice00ForOverlay() {
    apply(tar().directory("etc").whiteout("etc/.wh.passwd").bytes());
    assertThat(stat("etc/passwd").type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(stat("etc/passwd").specialMajor()).isZero();
    assertThat(root.resolve("etc/.wh.passwd")).doesNotExist();
  }

  @Test
  void anOpaqueFolderCarriesTheAttributeForOverlay() {
    apply(tar().directory("etc").whiteout("etc/.wh..wh..opq").file("etc/new", "x").bytes());
    try (Directory in = Directory.open(root)) {
      assertThat(in.xattr("etc", "trusted.overlay.opaque").orElseThrow()).containsExactly('y');
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFolderRemovedAndMadeAnewHidesWhatWasBelow(boolean removalFirst) {
    Tars tar = tar();
    if (removalFirst) {
      tar.whiteout(".wh.app").directory("app").file("app/new", "x");
    } else {
      tar.directory("app").file("app/new", "x").whiteout(".wh.app");
    }
    apply(tar.bytes());
    assertThat(stat("app").type()).isEqualTo(FileType.DIRECTORY);
    try (Directory in = Directory.open(root)) {
      assertThat(in.xattr("app", "trusted.overlay.opaque")).isPresent();
    }
    assertThat(root.resolve("app/new")).exists();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileRemovedAndMadeAnewStays(boolean removalFirst) throws IOException {
    Tars tar = tar();
    if (removalFirst) {
      tar.whiteout(".wh.f").file("f", "new");
    } else {
      tar.file("f", "new").whiteout(".wh.f");
    }
    apply(tar.bytes());
    assertThat(Files.readString(root.resolve("f"))).isEqualTo("new");
  }

  @Test
  void removalsTakeEffectAtOnceInAPlainFolder() throws IOException {
    Shell.sh(root, "mkdir -p etc/deep app keep; touch etc/deep/a etc/b app/old keep/x file");
    apply(
        tar()
            .whiteout(".wh.file")
            .whiteout("etc/.wh.deep")
            .file("app/new", "x")
            .whiteout("app/.wh..wh..opq")
            .whiteout(".wh.keep")
            .file("keep/y", "y")
            .whiteout(".wh.keep")
            .whiteout(".wh.never-there")
            .whiteout(".wh..wh.plnk")
            .bytes(),
        WhiteoutFormat.PLAIN);
    assertThat(Shell.sh(root, "find . -mindepth 1 | sort"))
        .isEqualTo("./app\n./app/new\n./etc\n./etc/b\n./keep\n./keep/y\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", ".wh..", ".wh...", "a/.wh..."})
  void aRemovalOfNoNameIsRefused(String name) {
    assertThatThrownBy(() -> apply(tar().whiteout(name).bytes(), WhiteoutFormat.PLAIN))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(name);
    assertThat(root).exists();
  }

  @Test
  void overlayAttributesOfAnArchiveAreNotSet() {
    byte[] y = {'y'};
    apply(
        tar()
            .put(
                new TarEntry(
                    "d/",
                    TarEntry.Type.DIRECTORY,
                    0755,
                    0,
                    0,
                    0,
                    Tars.TIME,
                    "",
                    0,
                    0,
                    Map.of("trusted.overlay.redirect", "/etc".getBytes(StandardCharsets.UTF_8))),
                new byte[0])
            .file("f", "x", 0644, 0, 0, Map.of("trusted.overlay.metacopy", y, "user.overlay.x", y))
            .bytes());
    assertThat(Shell.xattrs(root)).isEmpty();
  }

  // ---- hostile archives: each names its evil entry "evil" somewhere

  private void refused(byte[] layer, String named) {
    for (WhiteoutFormat format : WhiteoutFormat.values()) {
      Shell.sh(temp, "rm -rf root; mkdir root");
      assertThatThrownBy(() -> apply(layer, format))
          .as(format.toString())
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining(named);
      assertThat(Shell.sh(temp, "find . -path ./root -prune -o -print | sort"))
          .isEqualTo(".\n./outside\n./outside/secret\n");
      assertThat(Shell.sh(temp, "cat outside/secret; stat -c %h outside/secret"))
          .isEqualTo("untouched1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "../../evil",
        "a/../../evil",
        "a/../evil",
        "..",
        "./../evil",
        "a/..",
        "/evil",
        "//evil",
        "/../evil",
        "../outside/secret",
        ".././outside/secret"
      })
  void aNameThatLeadsOutIsRefused(String name) {
    refused(tar().directory("a").file(name, "x").bytes(), name);
    refused(tar().directory("a").directory(name + "/").bytes(), name);
    refused(tar().directory("a").symlink(name, "x").bytes(), name);
    refused(tar().directory("a").file("x", "x").hardLink(name, "x").bytes(), name);
    refused(tar().device(name, TarEntry.Type.CHARACTER_DEVICE, 1, 3).bytes(), name);
    refused(tar().special(name, TarEntry.Type.FIFO, "", 0, 0).bytes(), name);
  }

  @Test
  void anAbsoluteNameIsTakenBeneathTheRootWhereThatIsAskedFor() throws IOException {
    new LayerApplier(Limits.none(), LayerApplier.AbsoluteNames.BENEATH_ROOT)
        .apply(
            new ByteArrayInputStream(tar().file("/cnb/x", "x").hardLink("/y", "/cnb/x").bytes()),
            new LayerTarget(root, WhiteoutFormat.OVERLAY));
    assertThat(Files.readString(root.resolve("y"))).isEqualTo("x");
  }

  @Test
  void aRemovalThatLeadsOutIsRefused() {
    refused(tar().whiteout("../.wh.outside").bytes(), "../.wh.outside");
    refused(tar().symlink("l", "..").whiteout("l/.wh.outside").bytes(), "l/outside");
    refused(tar().symlink("l", "../outside").whiteout("l/.wh..wh..opq").bytes(), "l/.wh..wh..opq");
    refused(tar().symlink("l", outside.toString()).whiteout("l/.wh.secret").bytes(), "l/secret");
  }

  @Test
  void anEntryThroughASymbolicLinkThatLeadsOutIsRefused() {
    refused(tar().symlink("l", "../outside").file("l/evil", "x").bytes(), "l/evil");
    refused(tar().symlink("l", outside.toString()).file("l/evil", "x").bytes(), "l/evil");
    refused(tar().symlink("l", outside.toString()).file("l/secret", "x").bytes(), "l/secret");
    refused(tar().symlink("l", "/").file("l/tmp/evil", "x").bytes(), "l/tmp/evil");
    refused(tar().symlink("l", "/proc/self/cwd").file("l/evil", "x").bytes(), "l/evil");
    refused(
        tar().symlink("l", "..").symlink("m", "l/outside").file("m/evil", "x").bytes(), "m/evil");
    refused(
        tar().directory("d").symlink("d/up", "../..").file("d/up/outside/evil", "x").bytes(),
        "d/up/outside/evil");
    refused(tar().symlink("l", "../outside").directory("l/evil").bytes(), "l/evil");
    refused(tar().symlink("l", "l").file("l/evil", "x").bytes(), "l/evil");
  }

  @Test
  void aFileReplacesASymbolicLinkInsteadOfWritingThroughIt() throws IOException {
    apply(tar().symlink("l", outside.resolve("secret").toString()).file("l", "mine").bytes());
    assertThat(Files.isRegularFile(root.resolve("l"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("untouched");
  }

  @Test
  void attributesOfASymbolicLinkAreItsOwn() {
    apply(tar().symlink("l", outside.resolve("secret").toString()).bytes());
    assertThat(Shell.sh(outside, "stat -c '%a %u' secret")).isEqualTo("644 0\n");
    apply(tar().symlink("l", outside.toString()).directory("l", 0777).bytes());
    assertThat(Shell.sh(outside, "stat -c '%a' .")).isEqualTo("755\n");
  }

  @Test
  void aHardLinkThatLeadsOutIsRefused() {
    refused(tar().hardLink("evil", "../outside/secret").bytes(), "../outside/secret");
    refused(tar().hardLink("evil", outside + "/secret").bytes(), outside + "/secret");
    refused(tar().symlink("l", "../outside").hardLink("evil", "l/secret").bytes(), "evil");
    refused(tar().symlink("l", outside.toString()).hardLink("evil", "l/secret").bytes(), "evil");
    refused(
        tar().directory("d").file("d/f", "x").symlink("l", "d").hardLink("evil", "l/f").bytes(),
        "evil");
    refused(tar().hardLink("evil", "missing").bytes(), "evil");
    refused(tar().directory("d").hardLink("evil", "d").bytes(), "evil");
    refused(tar().hardLink("evil", ".").bytes(), "evil");
    refused(tar().file("f", "x").hardLink("evil", "f/x").bytes(), "evil");
  }

  @Test
  void aHardLinkToASymbolicLinkIsAnotherNameOfTheLink() throws IOException {
    apply(tar().symlink("l", outside.resolve("secret").toString()).hardLink("m", "l").bytes());
    assertThat(Files.isSymbolicLink(root.resolve("m"))).isTrue();
    assertThat(Shell.sh(outside, "stat -c %h secret")).isEqualTo("1\n");
    apply(tar().symlink("l", outside + "/secret").hardLink("m", "l").file("m", "evil").bytes());
    assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("untouched");
  }

  @Test
  void aRelativeLinkWithinTheRootIsFollowed() throws IOException {
    apply(
        tar()
            .directory("usr")
            .directory("usr/bin")
            .symlink("bin", "usr/bin")
            .file("bin/sh", "#")
            .file("usr/bin/ls", "#")
            .bytes());
    assertThat(Files.readString(root.resolve("usr/bin/sh"))).isEqualTo("#");
    assertThat(stat("usr/bin").modified()).isEqualTo(Tars.TIME);
  }

  @Test
  void theRootIsNotToBeReplaced() {
    refused(tar().file(".", "x").bytes(), "root");
    refused(tar().symlink("./", "/").bytes(), "root");
    refused(tar().file("", "x").bytes(), "root");
  }

  @Test
  void anEntryInsideAFileIsRefused() {
    refused(tar().file("f", "x").file("f/evil", "x").bytes(), "f/evil");
  }

  @Test
  void namesTooLongOrTooDeepAreRefused() {
    refused(tar().file("a/".repeat(500) + "f", "x").bytes(), "a/a/a");
    assertThatThrownBy(() -> apply(tar().file("n".repeat(256), "x").bytes()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nnn");
  }

  @Test
  void anArchiveMayEndBehindItsLastContent() throws IOException {
    byte[] whole = tar().file("first", "x".repeat(2000)).file("last", "y".repeat(10)).bytes();
    apply(Arrays.copyOf(whole, 512 + 2048 + 512 + 10));
    assertThat(Files.readString(root.resolve("last"))).isEqualTo("y".repeat(10));
  }

  @Test
  void damageIsToldFromAnEnd() {
    byte[] good = tar().file("first", "x".repeat(2000)).file("second", "y".repeat(2000)).bytes();
    assertThatThrownBy(() -> apply(Arrays.copyOf(good, 1000)))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("first");
    byte[] flipped = good.clone();
    // header, its PAX records, their header, content of the first; then the second's
    flipped[3 * 512 + 2048 + 10] ^= 1;
    assertThatThrownBy(() -> apply(flipped))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("first");
    assertThatThrownBy(
            () -> apply("<html>not found</html>".repeat(50).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("not a tar archive");
  }

  @Test
  void theFileThatAnArchiveEndsInIsNotLeftBehind() {
    byte[] good = tar().file("whole", "x").file("half", "y".repeat(100_000)).bytes();
    assertThatThrownBy(() -> apply(Arrays.copyOf(good, 50_000))).isInstanceOf(Fault.DataLoss.class);
    assertThat(root.resolve("half")).doesNotExist();
  }

  @Test
  void everyTruncationAndManyDamagesEndInAFaultOrInNothingOutside() {
    byte[] good =
        tar()
            .directory("d")
            .file("d/f", "x".repeat(700), 0755, 1, 1, Map.of("user.a", new byte[40]))
            .symlink("l", "d")
            .hardLink("h", "d/f")
            .whiteout("d/.wh.gone")
            .file("long".repeat(60), "y")
            .bytes();
    Random random = new Random(7);
    for (int i = 0; i < 600; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j <= i % 4; j++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      byte[] cut =
          Arrays.copyOf(bad, random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length);
      fixChecksums(cut);
      try {
        apply(cut, i % 2 == 0 ? WhiteoutFormat.OVERLAY : WhiteoutFormat.PLAIN);
      } catch (Fault.InvalidArgument | Fault.DataLoss | Fault.ResourceExhausted e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(Shell.sh(temp, "find . -path ./root -prune -o -print | sort"))
        .isEqualTo(".\n./outside\n./outside/secret\n");
  }

  /** So that damage gets past the checksum and into what is behind it. */
  private static void fixChecksums(byte[] tar) {
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (tar[at + 257] == 'u' && tar[at + 258] == 's') {
        byte[] block = Arrays.copyOfRange(tar, at, at + 512);
        System.arraycopy(Tars.block(0, block), 148, tar, at + 148, 8);
      }
    }
  }

  // ---- limits

  @Test
  void limitsAreHeld() {
    byte[] layer = tar().file("a", "x".repeat(1000)).file("big", "x".repeat(1000)).bytes();
    assertThatThrownBy(() -> applyWithin(Limits.of(1_000_000, 1), layer))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("1 entries");
    assertThatThrownBy(() -> applyWithin(Limits.of(1500, 10), layer))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("1500 bytes");
  }

  @Test
  void aBombIsRefusedByItsRatio() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = Compression.GZIP.compress(bomb)) {
      for (int i = 0; i < 300; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    assertThatThrownBy(() -> applyWithin(Limits.none().withRatio(200), bomb.toByteArray()))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("200 times");
  }

  private void applyWithin(Limits limits, byte[] layer) throws IOException {
    new LayerApplier(limits)
        .apply(new ByteArrayInputStream(layer), new LayerTarget(root, WhiteoutFormat.OVERLAY));
  }

  // ---- hashing

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP", "ZSTD"})
  void theDiffIdIsThatOfEveryUncompressedByte(Compression compression) throws IOException {
    byte[] content = new byte[1_500_000];
    new Random(1).nextBytes(content);
    byte[] tar =
        tar().put(TarEntry.file("random", 0644, content.length, Instant.EPOCH), content).bytes();
    // what follows the end of an archive counts too: GNU tar fills its record up
    byte[] padded = Arrays.copyOf(tar, tar.length + 9000);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = compression.compress(packed)) {
      out.write(padded);
    }
    AppliedLayer applied = apply(packed.toByteArray());
    assertThat(applied.diffId()).isEqualTo(Digest.of(padded));
    assertThat(applied.size()).isEqualTo(padded.length);
    assertThat(applied.compression()).isEqualTo(compression);
    assertThat(Files.readAllBytes(root.resolve("random"))).isEqualTo(content);
  }

  @Test
  void whatReadingTheSourceThrewComesThrough() {
    byte[] good = tar().file("f", "x".repeat(2_000_000)).bytes();
    InputStream breaking =
        new FilterInputStream(new ByteArrayInputStream(good)) {
          @Override
          public int read(byte[] b, int off, int len) throws IOException {
            if (in.available() < 1_000_000) {
              throw new IOException("the peer went away");
            }
            return super.read(b, off, Math.min(len, 10_000));
          }
        };
    assertThatThrownBy(() ->
            new LayerApplier(Limits.none())
                .apply(breaking, new LayerTarget(root, WhiteoutFormat.OVERLAY)))
        .isInstanceOf(IOException.class)
        .hasMessage("the peer went away");
  }
}
