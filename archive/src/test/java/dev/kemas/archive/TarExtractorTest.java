package dev.kemas.archive;

import static dev.kemas.archive.Tars.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarExtractorTest {
  private static final TarExtractor.Options COPY =
      new TarExtractor.Options(Limits.none(), true, Optional.empty(), false);

  @TempDir Path temp;
  Path root;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Shell.sh(temp, "mkdir outside; echo untouched > outside/secret");
    // a container's root as images have it
    Shell.sh(root, "mkdir -p usr/lib run app; ln -s usr/lib lib; mkdir var; ln -s /run var/run");
  }

  private TarExtractor.Extracted extract(TarExtractor.Options options, Tars tar, String folder) {
    try {
      return new TarExtractor(options).extract(new ByteArrayInputStream(tar.bytes()), root, folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(Tars tar, String folder, String named) {
    assertThatThrownBy(() -> extract(COPY, tar, folder))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(named);
    assertThat(Shell.sh(temp, "find . -path ./root -prune -o -print | sort; cat outside/secret"))
        .isEqualTo(".\n./outside\n./outside/secret\nuntouched\n");
  }

  @Test
  void aBuildContextIsRootsWhateverItSays() {
    TarExtractor.Extracted extracted =
        extract(
            TarExtractor.Options.context(Limits.none()),
            tar().file("Dockerfile", "FROM scratch", 0640, 1000, 1000, Map.of()).directory("src"),
            "app");
    assertThat(extracted).isEqualTo(new TarExtractor.Extracted(2, 12));
    assertThat(Shell.sh(root, "stat -c '%a %u:%g' app/Dockerfile")).isEqualTo("640 0:0\n");
  }

  @Test
  void aBuildContextHasNoDevices() {
    assertThatThrownBy(() ->
            extract(
                TarExtractor.Options.context(Limits.none()),
                tar().device("evil", TarEntry.Type.BLOCK_DEVICE, 8, 0),
                ""))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("evil");
    assertThat(root.resolve("evil")).doesNotExist();
  }

  @Test
  void theFolderIsFoundBeneathTheRootThroughItsLinks() {
    extract(COPY, tar().file("f", "x"), "lib");
    extract(COPY, tar().file("g", "x"), "/var/run/");
    extract(COPY, tar().file("h", "x"), "../../..");
    assertThat(Shell.sh(root, "ls usr/lib/f run/g h")).contains("run/g");
    assertThatThrownBy(() -> extract(COPY, tar().file("f", "x"), "missing"))
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void linksThatWereThereAreFollowedBeneathTheRoot() {
    extract(COPY, tar().file("lib/a", "x").file("var/run/b", "y").hardLink("lib/c", "lib/a"), "");
    assertThat(Shell.sh(root, "cat usr/lib/a run/b usr/lib/c")).isEqualTo("xyx");
    assertThat(Shell.sh(root, "stat -c %F lib var/run"))
        .isEqualTo("symbolic link\nsymbolic link\n");
  }

  @Test
  void linksThatTheArchiveBringsLeadNowhereElse() {
    refused(tar().symlink("l", "/run").file("l/evil", "x"), "app", "l/evil");
    refused(tar().symlink("l", "../run").file("l/evil", "x"), "app", "l/evil");
    refused(tar().symlink("l", "../../outside").file("l/evil", "x"), "app", "l/evil");
    refused(tar().symlink("l", "../../outside").hardLink("evil", "l/secret"), "app", "evil");
    refused(tar().hardLink("evil", "../../outside/secret"), "app", "../../outside/secret");
    refused(tar().file("../evil", "x"), "app", "../evil");
    refused(tar().file("/evil", "x"), "app", "/evil");
    assertThat(Shell.sh(root, "ls run")).isEmpty();
  }

  @Test
  void aLinkThatTheArchiveBringsOverOneThatWasThereIsTheArchives() {
    refused(tar().symlink("var/run", "/etc").file("var/run/evil", "x"), "", "var/run/evil");
  }

  @Test
  void namesOfRemovalsHaveNoMeaning() {
    Shell.sh(root, "touch app/f");
    extract(COPY, tar().file(".wh.f", "x").file(".wh..wh..opq", "y"), "app");
    assertThat(Shell.sh(root, "ls -A app")).isEqualTo(".wh..wh..opq\n.wh.f\nf\n");
  }

  @Test
  void kindsAreKeptWhereThatIsAskedFor() {
    TarExtractor.Options keep =
        new TarExtractor.Options(Limits.none(), true, Optional.empty(), true);
    Shell.sh(root, "mkdir -p app/dir/full; echo x > app/file");
    assertThatThrownBy(() -> extract(keep, tar().file("dir", "x"), "app"))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("dir");
    assertThatThrownBy(() -> extract(keep, tar().directory("file"), "app"))
        .isInstanceOf(Fault.Conflict.class);
    extract(keep, tar().file("file", "new").directory("dir"), "app");
    assertThat(Shell.sh(root, "cat app/file; ls app/dir")).isEqualTo("newfull\n");
    extract(COPY, tar().file("dir", "now a file"), "app");
    assertThat(Shell.sh(root, "cat app/dir")).isEqualTo("now a file");
  }

  @Test
  void anArchiveThatEndsTooEarlyLeavesNoHalfFile() {
    byte[] good = tar().file("whole", "x").file("half", "y".repeat(100_000)).bytes();
    assertThatThrownBy(() ->
            new TarExtractor(COPY)
                .extract(new ByteArrayInputStream(Arrays.copyOf(good, 60_000)), root, "app"))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("half");
    assertThat(Shell.sh(root, "ls app")).isEqualTo("whole\n");
  }

  @Test
  void limitsAreHeld() {
    assertThatThrownBy(() ->
            extract(
                TarExtractor.Options.context(Limits.of(10, 10)),
                tar().file("f", "x".repeat(20_000)),
                ""))
        .isInstanceOf(Fault.ResourceExhausted.class);
  }
}
