package dev.kemas.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostileRootTest {
  private static final String PACKAGE =
      "Package: secret\nStatus: install ok installed\nVersion: 1\n";
  private static final ScanLimits SMALL =
      new ScanLimits(50, 5, 3, 1000, 1000, 1000, 100_000, 2000, 2, 6 << 20);

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void root() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
  }

  @Test
  void links_lead_nowhere_outside() throws Exception {
    Path outside = Roots.write(folder, "outside/status", PACKAGE);
    Files.createDirectories(root.resolve("var/lib/dpkg/status.d"));
    Files.createSymbolicLink(root.resolve("var/lib/dpkg/status"), outside);
    Files.createSymbolicLink(
        root.resolve("var/lib/dpkg/status.d/a"), Path.of("../../../../../outside/status"));
    Files.createSymbolicLink(root.resolve("venv"), outside.getParent());

    Inventory found = Roots.scan(root);

    assertThat(found.components()).isEmpty();
  }

  @Test
  void fifos_and_folders_in_the_place_of_files_are_told_and_passed() throws Exception {
    Files.createDirectories(root.resolve("var/lib/dpkg/status.d"));
    Roots.run("mkfifo", root.resolve("var/lib/dpkg/status.d/pipe").toString());
    Files.createDirectories(root.resolve("x.dist-info/METADATA"));
    Files.createDirectories(root.resolve("var/lib/rpm/rpmdb.sqlite"));
    Files.createDirectories(root.resolve("a.jar"));

    Inventory found = Roots.scan(root);

    assertThat(found.components()).isEmpty();
    assertThat(found.remarks())
        .containsExactly(
            new Inventory.Remark(
                "/var/lib/dpkg/status.d/pipe", "is not a regular file and is not read"));
  }

  @Test
  void a_package_cannot_name_a_path() throws Exception {
    Roots.write(root, "var/lib/dpkg/status", PACKAGE.replace("secret", "../../../../etc/secret"));

    Inventory found = Roots.scan(root);

    assertThat(found.components()).isEmpty();
    assertThat(found.remarks()).hasSize(1);
  }

  @Test
  void names_that_are_no_text_are_shown_and_can_be_written() throws Exception {
    Path meta = Roots.write(root, "ok/x.dist-info/METADATA", "Name: x\nVersion: 1\n");
    Roots.run(
        "sh",
        "-c",
        "mv '" + meta.getParent() + "' \"$(printf '" + root + "/bad\\377.dist-info')\"");

    Inventory found = Roots.scan(root);

    assertThat(Roots.only(found).locations()).containsExactly("/bad\\xFF.dist-info/METADATA");
    assertThat(SpdxDocument.of(found, DocumentsTest.SUBJECT).toString()).contains("bad\\\\xFF");
  }

  @Test
  void every_limit_is_told() throws Exception {
    Roots.write(root, "var/lib/dpkg/status", PACKAGE + "Description: " + "x".repeat(2000));
    Roots.write(root, "a/b/c/d/e/f/g/x.dist-info/METADATA", "Name: x\nVersion: 1\n");
    Roots.write(root, "y.dist-info/METADATA", "Name: y\nVersion: 1\n\n" + "y".repeat(2000));
    for (int i = 0; i < 5; i++) {
      Roots.write(root, "many/p" + i + ".dist-info/METADATA", "Name: p" + i + "\nVersion: 1\n");
    }
    for (int i = 0; i < 60; i++) {
      Roots.write(root, "zz/" + i, "");
    }

    Inventory found = Roots.scan(root, SMALL);

    assertThat(found.components()).hasSize(3);
    assertThat(found.remarks())
        .map(Inventory.Remark::place)
        .contains("/", "/var/lib/dpkg/status", "/a/b/c/d/e/f", "/y.dist-info/METADATA", "/zz/");
    assertThat(found.remarks())
        .map(Inventory.Remark::text)
        .anyMatch(t -> t.contains("more than 50 files"))
        .anyMatch(t -> t.contains("more than 3 packages"))
        .anyMatch(t -> t.contains("deeper than 5"));
  }

  @Test
  void bombs_among_jars_are_bounded() throws Exception {
    Map<String, byte[]> bomb = new LinkedHashMap<>();
    bomb.put("lib/bomb.jar", new byte[1 << 20]);
    Roots.write(root, "bomb.jar", LanguagePackagesTest.jar(bomb, false));
    byte[] nested = "deepest".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5; i++) {
      nested = LanguagePackagesTest.jar(Map.of("l" + i + ".jar", nested), true);
    }
    Roots.write(root, "nested.jar", nested);
    Map<String, byte[]> many = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) {
      many.put("many" + i + ".jar", LanguagePackagesTest.jar(Map.of("a", new byte[1]), true));
    }
    Roots.write(root, "wide.jar", LanguagePackagesTest.jar(many, true));
    Roots.write(root, "none.jar", "PK no");
    byte[] cut = LanguagePackagesTest.jar(Map.of("META-INF/MANIFEST.MF", new byte[900]), true);
    byte[] head = java.util.Arrays.copyOfRange(cut, 700, cut.length);
    Roots.write(root, "cut.jar", head);

    Inventory found = Roots.scan(root, SMALL);

    assertThat(found.components()).isEmpty();
    assertThat(found.remarks())
        .map(r -> r.place() + " " + r.text())
        .anyMatch(t -> t.startsWith("/bomb.jar!/lib/bomb.jar ") && t.contains("more than 2000"))
        .anyMatch(t -> t.contains("within more than 2 others"))
        .anyMatch(t -> t.startsWith("/wide.jar!/many29.jar is not read"))
        .anyMatch(t -> t.equals("/none.jar is not a zip archive"))
        .anyMatch(t -> t.startsWith("/cut.jar "));
  }

  @Test
  void a_header_block_of_very_many_lines_takes_no_more_than_its_length() throws Exception {
    String lines = "License: a\n" + " x\n".repeat(1_000_000);
    Roots.write(root, "x.dist-info/METADATA", "Name: x\nVersion: 1\n" + lines);

    assertThat(Roots.only(Roots.scan(root)).licences()).isEqualTo(List.of());
  }
}
