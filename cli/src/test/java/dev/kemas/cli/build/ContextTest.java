package dev.kemas.cli.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packed is judged by tar(1). */
final class ContextTest {
  @TempDir Path folder;
  @TempDir Path elsewhere;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> pack(String dockerfile, Optional<Map.Entry<String, byte[]>> added)
      throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Context(folder, dockerfile).writeTo(bytes, added);
    Path archive = Files.write(elsewhere.resolve("a.tar"), bytes.toByteArray());
    Process tar =
        new ProcessBuilder("tar", "-tvf", archive.toString()).redirectErrorStream(true).start();
    List<String> lines =
        new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(tar.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).as(lines.toString()).isZero();
    return lines;
  }

  private static List<String> names(List<String> listing) {
    return listing.stream().map(line -> line.replaceFirst("^(\\S+\\s+){5}", "")).toList();
  }

  @Test
  void packsWhatIsNotIgnored() throws Exception {
    write("Dockerfile", "FROM scratch");
    write(".dockerignore", "*.txt\n!keep.txt\nold\nDockerfile\n");
    write("a.txt", "no");
    write("keep.txt", "yes");
    write("old/x", "no");
    write("src/deep/main.py", "yes");
    assertThat(names(pack("Dockerfile", Optional.empty())))
        .containsExactly(
            ".dockerignore", "Dockerfile", "keep.txt", "src/", "src/deep/", "src/deep/main.py");
  }

  @Test
  void aNegatedPatternReachesIntoAnIgnoredFolder() throws Exception {
    write(".dockerignore", "data\n!data/model.bin\n");
    write("data/raw.csv", "no");
    write("data/model.bin", "yes");
    assertThat(names(pack("", Optional.empty())))
        .contains("data/model.bin")
        .doesNotContain("data/raw.csv");
  }

  @Test
  void keepsModesLinksAndLongNames() throws Exception {
    Path script = write("run.sh", "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("run.sh"));
    Files.createLink(folder.resolve("zhard"), script);
    String deep = "ä".repeat(70) + "/" + "b".repeat(120);
    write(deep, "x");
    List<String> listing = pack("", Optional.empty());
    assertThat(listing)
        .anySatisfy(line -> assertThat(line).startsWith("-rwxr-x--- 0/0").endsWith("run.sh"))
        .anySatisfy(line -> assertThat(line).endsWith("link -> run.sh"))
        .anySatisfy(line -> assertThat(line).endsWith("zhard link to run.sh"));
    assertThat(listing.stream().filter(line -> line.endsWith("b".repeat(120))).count())
        .isEqualTo(1);
  }

  @Test
  void aDockerfileFromElsewhereTravelsUnderAnotherName() throws Exception {
    write("Dockerfile", "FROM a");
    assertThat(names(pack("", Optional.of(Map.entry(".d", new byte[700])))))
        .contains(".d", "Dockerfile");
  }
}
