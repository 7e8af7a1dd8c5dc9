package dev.kemas.cli.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of tar(1) and our own are read back. */
final class TarReaderTest {
  @TempDir Path folder;

  private static List<String> read(byte[] archive) throws IOException {
    TarReader tar = new TarReader(new ByteArrayInputStream(archive));
    List<String> members = new ArrayList<>();
    Optional<TarReader.Member> next = tar.next();
    while (next.isPresent()) {
      TarReader.Member member = next.get();
      String content = new String(tar.content().readAllBytes(), StandardCharsets.UTF_8);
      members.add(member.type() + " " + member.name() + " " + member.link() + content.length());
      next = tar.next();
    }
    return members;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "pax", "gnu"})
  void whatTarWrites(String format) throws Exception {
    String name = format.equals("ustar") ? "short" : "l".repeat(120) + "ü";
    Files.writeString(folder.resolve(name), "x".repeat(1000));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("there"));
    Path archive = folder.resolveSibling(folder.getFileName() + ".tar");
    Process tar =
        new ProcessBuilder(
                "tar",
                "--format=" + format,
                "-C",
                folder.toString(),
                "-cf",
                archive.toString(),
                name,
                "link")
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    try {
      assertThat(read(Files.readAllBytes(archive)))
          .containsExactly("0 " + name + " 1000", "2 link there0");
    } finally {
      Files.delete(archive);
    }
  }

  @Test
  void anArchiveThatIsCutOffIsNotTakenForWhole() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(bytes);
    writer.header(new TarWriter.Entry("a", '0', 0644, 0, 0, 0, 600, ""));
    bytes.write(new byte[600]);
    byte[] cut = Arrays.copyOf(bytes.toByteArray(), 800);
    assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
  }
}
