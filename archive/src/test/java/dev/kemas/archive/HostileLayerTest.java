package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each archive names its evil entry "evil" somewhere. */
class HostileLayerTest extends LayerFixture {
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
}
