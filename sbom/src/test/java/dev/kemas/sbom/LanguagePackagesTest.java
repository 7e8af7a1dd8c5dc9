package dev.kemas.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kemas.oci.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguagePackagesTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void root() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
  }

  @Test
  void a_real_virtual_environment_is_read_as_pip_reads_it() throws Exception {
    Path venv = root.resolve("opt/venv");
    Roots.run("python3", "-m", "venv", venv.toString());

    Inventory found = Roots.scan(root);

    List<String> listed = new ArrayList<>();
    String json =
        Roots.run(
            venv.resolve("bin/pip").toString(),
            "list",
            "--format=json",
            "--disable-pip-version-check");
    for (JsonNode one : Json.read(json, JsonNode.class, "list")) {
      listed.add(one.path("name").asText() + " " + one.path("version").asText());
    }
    assertThat(found.components())
        .filteredOn(c -> c.locations().stream().anyMatch(l -> !l.contains("/_vendor/")))
        .map(c -> c.name() + " " + c.version())
        .containsExactlyInAnyOrderElementsOf(listed)
        .isNotEmpty();
    assertThat(found.components())
        .filteredOn(c -> c.name().equals("pip"))
        .singleElement()
        .satisfies(pip -> assertThat(pip.licences()).isNotEmpty());
    assertThat(found.remarks()).as("RECORD tells of the METADATA that is there").isEmpty();
  }

  @Test
  void python_metadata_has_one_name_for_all_spellings_and_shows_changes() throws Exception {
    String folder = "usr/lib/python3/site-packages/Zope.Interface_x-5.dist-info/";
    Roots.write(
        root,
        folder + "METADATA",
        """
        Metadata-Version: 2.4
        Name: Zope.Interface_x
        Version: 5
        License-Expression: MIT OR Apache-2.0

        Name: not this one
        """);
    Roots.write(root, folder + "RECORD", "Zope.Interface_x-5.dist-info/METADATA,sha256=AAAA,10\n");
    String sum = "cd".repeat(32);
    Roots.write(
        root,
        folder + "direct_url.json",
        "{\"url\":\"https://example.org/x\",\"archive_info\":{\"hashes\":{\"sha256\":\""
            + sum
            + "\"}}}");
    Roots.write(
        root,
        "usr/lib/python2.7/dist-packages/six-1.16.0.egg-info",
        "Name: six\nVersion: 1.16.0\nLicense: UNKNOWN\n"
            + "Classifier: License :: OSI Approved :: MIT License\n");

    Inventory found = Roots.scan(root);

    assertThat(Roots.purls(found))
        .containsExactly("pkg:pypi/zope-interface-x@5", "pkg:pypi/six@1.16.0");
    Component zope = found.components().getFirst();
    assertThat(zope.licences()).containsExactly("MIT OR Apache-2.0");
    assertThat(zope.checksums()).containsExactly(new Checksum(Checksum.Algorithm.SHA256, sum));
    assertThat(found.components().getLast().licences()).containsExactly("MIT License");
    assertThat(found.remarks())
        .containsExactly(
            new Inventory.Remark(
                "/" + folder + "METADATA", "is not the file that RECORD tells of"));
  }

  @Test
  void conda_is_read() throws Exception {
    Roots.write(
        root,
        "opt/conda/conda-meta/numpy-2.1.0-py312h1.json",
        """
        {"name":"numpy","version":"2.1.0","build":"py312h1","license":"BSD-3-Clause",
         "channel":"https://example.org/t/secret/conda-forge/linux-64","subdir":"linux-64",
         "md5":"%s","sha256":"%s","files":[]}
        """
            .formatted("0f".repeat(16), "1e".repeat(32)));
    Roots.write(root, "opt/conda/conda-meta/broken.json", "{");

    Inventory found = Roots.scan(root);

    Component numpy = Roots.only(found);
    assertThat(numpy.purl())
        .isEqualTo("pkg:conda/numpy@2.1.0?build=py312h1&channel=conda-forge&subdir=linux-64");
    assertThat(numpy.checksums()).hasSize(2);
    assertThat(found.remarks())
        .singleElement()
        .satisfies(r -> assertThat(r.place()).isEqualTo("/opt/conda/conda-meta/broken.json"));
  }

  @Test
  void npm_is_read_with_what_the_lock_file_knows() throws Exception {
    Roots.write(
        root,
        "app/node_modules/.package-lock.json",
        """
        {"packages":{"node_modules/@scope/a":{"integrity":"sha512-%s"}}}
        """
            .formatted("A".repeat(86) + "=="));
    Roots.write(
        root,
        "app/node_modules/@scope/a/package.json",
        "{\"name\":\"@scope/a\",\"version\":\"1.0.0\",\"license\":\"ISC\"}");
    Roots.write(
        root,
        "app/node_modules/@scope/a/node_modules/old/package.json",
        "{\"name\":\"old\",\"version\":\"0.1.0\",\"licenses\":[{\"type\":\"MIT\"},{\"type\":\"X\"}]}");
    Roots.write(root, "app/node_modules/old/lib/package.json", "{\"type\":\"module\"}");
    Roots.write(
        root, "app/node_modules/old/dist/package.json", "{\"name\":\"inner\",\"version\":\"1\"}");
    Roots.write(root, "app/package.json", "{\"name\":\"app\",\"version\":\"1\"}");

    Inventory found = Roots.scan(root);

    assertThat(Roots.purls(found)).containsExactly("pkg:npm/%40scope/a@1.0.0", "pkg:npm/old@0.1.0");
    assertThat(found.components().getFirst().checksums())
        .containsExactly(new Checksum(Checksum.Algorithm.SHA512, "00".repeat(64)));
    assertThat(found.components().getLast().licences()).containsExactly("MIT", "X");
    assertThat(found.remarks()).isEmpty();
  }

  private static byte[] jarOf(Class<?> type) throws Exception {
    return Files.readAllBytes(
        Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
  }

  @Test
  void real_jars_are_read_alone_and_within_others() throws Exception {
    byte[] databind = jarOf(JsonMapper.class);
    byte[] assertj = jarOf(org.assertj.core.api.Assertions.class);
    Map<String, byte[]> stored = new LinkedHashMap<>();
    stored.put("BOOT-INF/lib/databind.jar", databind);
    byte[] boot = jar(stored, true);
    Roots.write(root, "app/assertj.jar", assertj);
    Roots.write(root, "app/boot-1.0.jar", launcher(boot));
    Map<String, byte[]> packed = new LinkedHashMap<>();
    packed.put("WEB-INF/lib/boot.jar", boot);
    Roots.write(root, "srv/site.war", jar(packed, false));

    Inventory found = Roots.scan(root);

    Component jackson = byName(found, "com.fasterxml.jackson.core:jackson-databind");
    assertThat(jackson.purl())
        .matches("pkg:maven/com\\.fasterxml\\.jackson\\.core/jackson-databind@2\\.[0-9.]+");
    assertThat(jackson.locations())
        .containsExactly(
            "/app/boot-1.0.jar!/BOOT-INF/lib/databind.jar",
            "/srv/site.war!/WEB-INF/lib/boot.jar!/BOOT-INF/lib/databind.jar");
    assertThat(jackson.checksums())
        .contains(new Checksum(Checksum.Algorithm.SHA256, dev.kemas.oci.Digest.of(databind).hex()));
    assertThat(Licences.all(jackson.licences()).orElseThrow().text()).isEqualTo("Apache-2.0");
    assertThat(byName(found, "org.assertj:assertj-core").locations())
        .containsExactly("/app/assertj.jar");
    assertThat(byName(found, "boot").purl()).isEqualTo("pkg:generic/boot@1.0");
    assertThat(found.remarks()).isEmpty();
  }

  private static Component byName(Inventory inventory, String name) {
    List<Component> found =
        inventory.components().stream().filter(c -> c.name().equals(name)).toList();
    assertThat(found).as("%s in %s", name, Roots.purls(inventory)).hasSize(1);
    return found.getFirst();
  }

  /** As Spring Boot makes executable jars: a script before the archive. */
  private static byte[] launcher(byte[] jar) {
    byte[] script = "#!/bin/sh\nexec java -jar \"$0\"\n".getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(script, script.length + jar.length);
    System.arraycopy(jar, 0, all, script.length, jar.length);
    return all;
  }

  static byte[] jar(Map<String, byte[]> entries, boolean stored) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        if (stored) {
          CRC32 sum = new CRC32();
          sum.update(one.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(one.getValue().length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(one.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  @Test
  void what_was_copied_into_a_jar_is_found_too() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String artifact : List.of("tool", "inner")) {
      entries.put(
          "META-INF/maven/org.example/" + artifact + "/pom.properties",
          ("#made\nversion=1.5\ngroupId=org.example\nartifactId=" + artifact + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    Roots.write(root, "lib/tool-1.5.jar", jar(entries, false));

    Inventory found = Roots.scan(root);

    assertThat(byName(found, "org.example:tool").checksums()).hasSize(2);
    assertThat(byName(found, "org.example:inner").checksums())
        .as("a copy has no archive of its own")
        .isEmpty();
  }

  @Test
  void a_jar_that_maven_did_not_make_is_named_by_its_manifest() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        "META-INF/MANIFEST.MF",
        ("Manifest-Version: 1.0\r\nImplementation-Vendor-Id: org.exam\r\n ple\r\n"
                + "Implementation-Version: 7.1\r\n\r\nName: a\r\nImplementation-Version: 9\r\n")
            .getBytes(StandardCharsets.UTF_8));
    Roots.write(root, "lib/thing.jar", jar(entries, false));

    Component found = Roots.only(Roots.scan(root));

    assertThat(found.purl()).isEqualTo("pkg:maven/org.example/thing@7.1");
    assertThat(found.checksums()).hasSize(2);
  }
}
