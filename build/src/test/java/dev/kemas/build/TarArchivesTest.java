package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as the host's tar makes them. */
class TarArchivesTest {
  @TempDir Path temp;
  private final TarArchives archives = new TarArchives();

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(temp.resolve("in/sub"));
    Files.writeString(temp.resolve("in/sub/a"), "1");
    Files.createDirectories(temp.resolve("root/dest"));
  }

  private Path tar(String option) throws IOException, InterruptedException {
    Path file = temp.resolve("archive");
    assertThat(
            new ProcessBuilder(List.of("tar", option, file.toString(), "-C", temp + "/in", "sub"))
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-cf", "-czf", "-cjf", "-cJf"})
  void anArchiveIsKnownAndUnpackedWhateverItIsPackedIn(String option) throws Exception {
    Path file = tar(option);
    try (InputStream in = Files.newInputStream(file)) {
      assertThat(archives.isArchive(in)).isTrue();
    }
    try (InputStream in = Files.newInputStream(file)) {
      archives.unpack(in, temp.resolve("root"), "/dest");
    }
    assertThat(temp.resolve("root/dest/sub/a")).hasContent("1");
  }

  @Test
  void whatIsNoArchiveIsNotTakenForOne() throws Exception {
    for (byte[] content :
        List.of(new byte[0], new byte[5], new byte[2000], "text ".repeat(500).getBytes())) {
      assertThat(archives.isArchive(new ByteArrayInputStream(content))).isFalse();
    }
    Path file = Files.writeString(temp.resolve("text"), "no archive");
    assertThat(new ProcessBuilder("gzip", file.toString()).start().waitFor()).isZero();
    try (InputStream in = Files.newInputStream(temp.resolve("text.gz"))) {
      assertThat(archives.isArchive(in)).isFalse();
    }
  }

  @Test
  void aBrokenArchiveIsAFault() throws Exception {
    byte[] whole = Files.readAllBytes(tar("-czf"));
    assertThatThrownBy(() ->
            archives.unpack(
                new ByteArrayInputStream(whole, 0, whole.length / 2),
                temp.resolve("root"),
                "/dest"))
        .isInstanceOf(Fault.class);
  }
}
