package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a layer says is gone. */
class LayerRemovalsTest extends LayerFixture {
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
}
