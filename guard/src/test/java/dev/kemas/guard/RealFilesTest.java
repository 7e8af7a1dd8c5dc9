package dev.kemas.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Rule;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealFilesTest {
  @TempDir Path root;

  private void sparse(String name, long bytes, String head) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.setLength(bytes);
    }
  }

  @Test
  void aFolderIsWalkedAsABuildWouldReadIt() throws IOException {
    sparse("data/train.bin", 10_000_000_000L, "PAR1");
    sparse("ignored/other.parquet", 900_000_000L, "PAR1");
    sparse("ignored/kept.parquet", 30_000_000L, "PAR1");
    Files.writeString(root.resolve(".dockerignore"), "ignored\n!ignored/kept.parquet\n");
    Files.createSymbolicLink(root.resolve("data/link.parquet"), Path.of("train.bin"));
    Files.createSymbolicLink(root.resolve("loop"), root);
    List<String> seen = new ArrayList<>();
    ContextFolder.of(root).files(file -> seen.add(file.path()));
    assertThat(seen)
        .containsExactlyInAnyOrder(".dockerignore", "data/train.bin", "ignored/kept.parquet");
    Dockerfile dockerfile =
        Dockerfile.parse(
            "Dockerfile", "FROM debian:12\nCOPY . /\nRUN pip install x==1 --no-cache-dir\n");
    List<Finding> findings =
        Guards.before(
                BeforeBuild.of(dockerfile, ContextFolder.of(root)),
                CheckSettings.parse("skip=CacheDefeatingCopyOrder"))
            .findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().message())
        .contains("data/train.bin (10.0 GB, Parquet)", "ignored/kept.parquet (30 MB, Parquet)");
  }

  @Test
  void textsAreReadFromInsideOnly() throws IOException {
    Files.writeString(root.resolve("requirements.txt"), "flask\n");
    Files.createSymbolicLink(root.resolve("out.txt"), Path.of("requirements.txt"));
    ContextFolder context = ContextFolder.of(root);
    assertThat(context.text("requirements.txt")).contains("flask\n");
    assertThat(context.text("../" + root.getFileName() + "/../../etc/passwd")).isEmpty();
    assertThat(context.text("out.txt")).isEmpty();
    assertThat(context.text("absent")).isEmpty();
  }

  @Test
  void aLayerIsSearchedFileByFile() throws IOException {
    Path layer = root.resolve("layer");
    Files.createDirectories(layer.resolve("root"));
    Files.writeString(layer.resolve("root/.pypirc"), "password = correct-horse-battery\n");
    Files.createLink(layer.resolve("root/again"), layer.resolve("root/.pypirc"));
    Files.createSymbolicLink(layer.resolve("root/link"), Path.of(".pypirc"));
    Dockerfile dockerfile = Dockerfile.parse("Dockerfile", "FROM debian:12\nRUN true\n");
    AfterBuild build =
        new AfterBuild(
            dockerfile,
            List.of(
                new LayerFacts(
                    dockerfile.stages().getFirst().instructions().getFirst(),
                    40,
                    new LayerFolder(layer))),
            List.of(),
            List.of(
                new SecretValue(
                    "pypi", "correct-horse-battery\n".getBytes(StandardCharsets.UTF_8))));
    Report report = Guards.after(build, CheckSettings.DEFAULT);
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().message())
        .startsWith("the value of secret pypi is left in the image by this step: /root/")
        .doesNotContain("correct-horse", ", ");
    assertThat(report.findings().getFirst().range().startLine()).isEqualTo(2);
  }

  @Test
  void theHostsDriverIsReadAsTheKernelShowsIt() {
    assertThat(NvidiaDriver.of("NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.26  Wed\n"))
        .map(driver -> driver.version().toString())
        .contains("570.26");
    assertThat(NvidiaDriver.of("GCC version: 12.2.0\n")).isEmpty();
    Optional<NvidiaDriver> here = NvidiaDriver.ofHost();
    assertThat(here.isPresent()).isEqualTo(Files.exists(Path.of("/proc/driver/nvidia/version")));
  }

  @Test
  void eachRuleIsDocumented() throws IOException {
    String text = Files.readString(Path.of("../docs/checks.md"));
    for (Rule rule : KemasRules.ALL) {
      assertThat(text).contains("### " + rule.name() + "\n");
    }
  }
}
