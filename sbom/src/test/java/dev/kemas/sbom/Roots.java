package dev.kemas.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** File systems made for a test, and what is found in them. */
final class Roots {
  private Roots() {}

  static Inventory scan(Path root) throws IOException {
    return scan(root, ScanLimits.DEFAULT);
  }

  static Inventory scan(Path root, ScanLimits limits) throws IOException {
    Path scratch = Files.createTempDirectory(root.getParent(), "scratch");
    Inventory found = new PackageScan(limits, scratch).scan(root);
    assertThat(scratch).as("nothing is left behind").isEmptyDirectory();
    return found;
  }

  static Path write(Path root, String path, String text) throws IOException {
    return write(root, path, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path root, String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  static List<String> purls(Inventory inventory) {
    return inventory.components().stream().map(Component::purl).toList();
  }

  static Component only(Inventory inventory) {
    assertThat(inventory.components()).as("remarks: %s", inventory.remarks()).hasSize(1);
    return inventory.components().getFirst();
  }

  /** What a program prints; a failure is one of the test. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", List.of(command), said).isZero();
    return said;
  }
}
