package dev.kemas.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemPackagesTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void root() throws Exception {
    root = Files.createDirectory(folder.resolve("root"));
  }

  @Test
  void dpkg_is_read_as_dpkg_reads_itself() throws Exception {
    // the machine's own database is the largest real one at hand
    byte[] status = Files.readAllBytes(Path.of("/var/lib/dpkg/status"));
    Roots.write(root, "var/lib/dpkg/status", status);
    Roots.write(root, "etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='Debian 12'\n");

    Inventory found = Roots.scan(root);

    List<String> listed =
        Roots.run(
                "dpkg-query",
                "-W",
                "-f",
                "${db:Status-Status} ${Package} ${Version} ${Architecture}\n")
            .lines()
            .filter(line -> line.startsWith("installed "))
            .map(line -> line.substring("installed ".length()))
            .toList();
    assertThat(found.components())
        .map(c ->
            c.name() + " " + c.version() + " " + c.purl().replaceAll(".*[?&]arch=([^&]*).*", "$1"))
        .containsExactlyInAnyOrderElementsOf(listed)
        .hasSizeGreaterThan(50);
    assertThat(found.components()).allMatch(c -> c.purl().startsWith("pkg:deb/debian/"));
    assertThat(found.components()).allMatch(c -> c.purl().contains("distro=debian-12"));
    assertThat(found.distribution().orElseThrow().title()).isEqualTo("Debian 12");
    assertThat(found.remarks()).isEmpty();
  }

  @Test
  void licences_come_from_the_copyright_files_also_behind_links() throws Exception {
    Roots.write(
        root,
        "var/lib/dpkg/status",
        """
        Package: one
        Status: install ok installed
        Architecture: amd64
        Source: all (1:2.0+dfsg-1)
        Version: 1:2.0+dfsg-1+b1

        Package: two
        Status: install ok installed
        Version: 3

        Package: gone
        Status: deinstall ok config-files
        Version: 4
        """);
    Roots.write(
        root,
        "usr/share/doc/one/copyright",
        """
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

        Files: *
        Copyright: somebody
        License: GPL-2+
         The text of it.

        Files: b
        License: Expat
        """);
    Files.createSymbolicLink(root.resolve("usr/share/doc/two"), Path.of("/usr/share/doc/one"));

    Inventory found = Roots.scan(root);

    assertThat(Roots.purls(found))
        .containsExactly(
            "pkg:deb/debian/one@1:2.0%2Bdfsg-1%2Bb1?arch=amd64&upstream=all%401:2.0%2Bdfsg-1",
            "pkg:deb/debian/two@3");
    assertThat(found.components()).allMatch(c -> c.licences().equals(List.of("Expat", "GPL-2+")));
    assertThat(Licences.all(found.components().getFirst().licences()).orElseThrow().text())
        .isEqualTo("MIT AND GPL-2.0-or-later");
  }

  @Test
  void images_without_dpkg_keep_a_file_a_package() throws Exception {
    Roots.write(root, "var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2025b-0\n");
    Roots.write(root, "var/lib/dpkg/status.d/tzdata.md5sums", "00  usr/share/zoneinfo/UTC\n");

    Component found = Roots.only(Roots.scan(root));

    assertThat(found.purl()).isEqualTo("pkg:deb/debian/tzdata@2025b-0");
    assertThat(found.locations()).containsExactly("/var/lib/dpkg/status.d/tzdata");
  }

  @Test
  void apk_is_read() throws Exception {
    Roots.write(root, "etc/os-release", "ID=alpine\nVERSION_ID=3.22.1\n");
    Roots.write(
        root,
        "lib/apk/db/installed",
        """
        C:Q1pHzPV4kFmwRVyOZsOq2ZlZ1vFQQ=
        P:musl
        V:1.2.5-r10
        A:x86_64
        L:MIT
        o:musl
        F:lib
        R:ld-musl-x86_64.so.1
        a:0:0:755
        Z:Q1p1Pq4Yp4zVqYHkYCAZbOq3VqKxE=

        C:not one
        P:ssl_client
        V:1.37.0-r18
        A:x86_64
        L:GPL-2.0-only
        o:busybox
        """);

    Inventory found = Roots.scan(root);

    assertThat(Roots.purls(found))
        .containsExactly(
            "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1",
            "pkg:apk/alpine/ssl_client@1.37.0-r18?arch=x86_64&distro=alpine-3.22.1&upstream=busybox");
    assertThat(found.components().getFirst().checksums())
        .containsExactly(
            new Checksum(Checksum.Algorithm.SHA1, "a47ccf5789059b0455c8e66c3aad99959d6f1504"));
    assertThat(found.components()).allMatch(c -> c.licences().size() == 1);
  }

  @Test
  void rpm_is_read_also_what_is_only_in_the_journal() throws Exception {
    Roots.write(root, "etc/os-release", "ID=fedora\nVERSION_ID=42\n");
    Path database = Files.createDirectories(root.resolve("usr/lib/sysimage/rpm"));
    Path file = database.resolve("rpmdb.sqlite");
    String sum = "ab".repeat(32);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute(
          "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
      insert(connection, header("bash", "5.2.37", "1.fc42", 0, "GPL-3.0-or-later", sum));
      insert(connection, header("shadow-utils", "4.17", "2.fc42", 2, "BSD and GPLv2+", ""));
      insert(connection, header("gpg-pubkey", "abc", "def", 0, "pubkey", ""));
      insert(connection, new byte[] {0, 0, 0, 9, 0, 0});

      // the journal goes when the last connection does: scanned while it is there
      assertThat(Files.size(database.resolve("rpmdb.sqlite-wal"))).isPositive();
      Inventory found = Roots.scan(root);

      assertThat(Roots.purls(found))
          .containsExactly(
              "pkg:rpm/fedora/bash@5.2.37-1.fc42?arch=x86_64&distro=fedora-42&upstream=bash-src",
              "pkg:rpm/fedora/shadow-utils@4.17-2.fc42"
                  + "?arch=x86_64&distro=fedora-42&epoch=2&upstream=shadow-utils-src");
      assertThat(found.components()).map(Component::version).contains("2:4.17-2.fc42");
      assertThat(found.components().getFirst().checksums())
          .containsExactly(new Checksum(Checksum.Algorithm.SHA256, sum));
      assertThat(found.remarks())
          .singleElement()
          .satisfies(r -> assertThat(r.text()).contains("cannot be read"));
    }
  }

  private static void insert(Connection connection, byte[] header) throws Exception {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO Packages (blob) VALUES (?)")) {
      insert.setBytes(1, header);
      insert.executeUpdate();
    }
  }

  /** A header as rpm writes it. */
  private static byte[] header(
      String name, String version, String release, int epoch, String licence, String sha256) {
    List<Object[]> entries =
        List.of(
            new Object[] {RpmHeader.SHA256HEADER, sha256},
            new Object[] {RpmHeader.NAME, name},
            new Object[] {RpmHeader.VERSION, version},
            new Object[] {RpmHeader.RELEASE, release},
            new Object[] {RpmHeader.LICENSE, licence},
            new Object[] {RpmHeader.ARCH, "x86_64"},
            new Object[] {RpmHeader.SOURCERPM, name + "-src"});
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int count = entries.size() + (epoch > 0 ? 1 : 0);
    ByteBuffer index = ByteBuffer.allocate(8 + 16 * count);
    index.position(8);
    if (epoch > 0) {
      index.putInt(RpmHeader.EPOCH).putInt(4).putInt(0).putInt(1);
      data.writeBytes(ByteBuffer.allocate(4).putInt(epoch).array());
    }
    for (Object[] entry : entries) {
      index.putInt((Integer) entry[0]).putInt(6).putInt(data.size()).putInt(1);
      data.writeBytes((entry[1] + "\0").getBytes(StandardCharsets.UTF_8));
    }
    index.putInt(0, count).putInt(4, data.size());
    return ByteBuffer.allocate(index.capacity() + data.size())
        .put(index.array())
        .put(data.toByteArray())
        .array();
  }

  @Test
  void a_database_that_would_run_what_the_image_says_is_refused() throws Exception {
    Path database = Files.createDirectories(root.resolve("var/lib/rpm"));
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + database.resolve("rpmdb.sqlite"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
              + " SELECT x AS hnum, zeroblob(1000000) AS blob FROM n");
    }

    Inventory found = Roots.scan(root);

    assertThat(found.components()).isEmpty();
    assertThat(found.remarks())
        .containsExactly(
            new Inventory.Remark(
                "/var/lib/rpm/rpmdb.sqlite", "is no rpm database: it has no plain table Packages"));
  }

  @Test
  void what_is_no_database_is_told() throws Exception {
    Roots.write(root, "var/lib/rpm/rpmdb.sqlite", "SQLite format 3? no".repeat(500));

    Inventory found = Roots.scan(root);

    assertThat(found.remarks())
        .singleElement()
        .satisfies(r -> assertThat(r.text()).startsWith("is no rpm database that can be read"));
  }

  @Test
  void formats_of_rpm_that_are_not_read_are_told() throws Exception {
    Roots.write(root, "var/lib/rpm/Packages.db", "RpmP");

    assertThat(Roots.scan(root).remarks())
        .containsExactly(
            new Inventory.Remark(
                "/var/lib/rpm/Packages.db",
                "is an rpm database of the format ndb, which is not read: the packages in it are"
                    + " not listed"));
  }
}
