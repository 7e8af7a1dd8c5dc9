package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/**
 * What rpm has installed, from its SQLite database. The file is copied with its journal first:
 * SQLite then never opens a name that the image chose, and what was written last is not missed. The
 * older formats (Berkeley DB, ndb) are not read, and that is remarked.
 */
final class RpmReader {
  private static final List<String> FOLDERS = List.of("var/lib/rpm", "usr/lib/sysimage/rpm");
  private static final String SQLITE = "rpmdb.sqlite";
  private static final Map<String, String> OTHERS =
      Map.of("Packages.db", "ndb", "Packages", "Berkeley DB");
  private static final int LONGEST_HEADER = 32 << 20;

  private final RootView view;
  private final ScanLimits limits;
  private final Optional<Inventory.Distribution> distribution;
  private final Findings findings;
  private final Path scratch;

  RpmReader(
      RootView view,
      ScanLimits limits,
      Optional<Inventory.Distribution> distribution,
      Findings findings,
      Path scratch) {
    this.view = view;
    this.limits = limits;
    this.distribution = distribution;
    this.findings = findings;
    this.scratch = scratch;
  }

  void read() {
    for (String folder : FOLDERS) {
      if (view.isFile(folder + "/" + SQLITE)) {
        // one of the folders may be a link to the other
        database(folder + "/" + SQLITE);
        return;
      }
    }
    for (String folder : FOLDERS) {
      for (Map.Entry<String, String> other : new TreeMap<>(OTHERS).entrySet()) {
        String path = folder + "/" + other.getKey();
        if (view.isFile(path)) {
          findings.remark(
              "/" + path,
              "is an rpm database of the format "
                  + other.getValue()
                  + ", which is not read: the packages in it are not listed");
          return;
        }
      }
    }
  }

  private void database(String path) {
    try {
      Path folder = Files.createTempDirectory(scratch, "rpm");
      try {
        Path copy = folder.resolve("db");
        if (copied(path, copy)) {
          if (view.isFile(path + "-wal")) {
            copied(path + "-wal", folder.resolve("db-wal"));
          }
          packages(copy, "/" + path);
        }
      } finally {
        try (Stream<Path> left = Files.list(folder)) {
          left.forEach(RpmReader::delete);
        }
        Files.delete(folder);
      }
    } catch (SQLException e) {
      findings.remark("/" + path, "is no rpm database that can be read: " + e.getMessage());
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot copy the rpm database to " + scratch + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean copied(String path, Path to) throws IOException {
    Optional<OpenFile> file = view.open(path, limits.database());
    if (file.isEmpty()) {
      return false;
    }
    try (InputStream in = file.get().input()) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
    return true;
  }

  private void packages(Path copy, String location) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(LONGEST_HEADER));
    config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
    try (Connection connection = config.createConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      // sqlite.org/security.html: what a database of strangers needs
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA cell_size_check = ON");
      statement.execute("PRAGMA mmap_size = 0");
      if (!isPlainTable(statement)) {
        findings.remark(location, "is no rpm database: it has no plain table Packages");
        return;
      }
      try (ResultSet rows = statement.executeQuery("SELECT blob FROM Packages ORDER BY hnum")) {
        int count = 0;
        while (rows.next()) {
          if (++count > limits.components()) {
            findings.remark(location, "more than " + limits.components() + " packages");
            return;
          }
          byte[] blob = rows.getBytes(1);
          header(blob == null ? new byte[0] : blob, location);
        }
      }
    }
  }

  /** A view, a virtual table or a computed column would run what the image says. */
  private static boolean isPlainTable(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'Packages'")) {
      if (!rows.next() || rows.getLong(1) <= 0) {
        return false;
      }
    }
    List<String> columns = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("PRAGMA table_xinfo(Packages)")) {
      while (rows.next()) {
        if (rows.getInt("hidden") == 0) {
          columns.add(rows.getString("name"));
        }
      }
    }
    return columns.contains("hnum") && columns.contains("blob");
  }

  private void header(byte[] blob, String location) {
    try {
      RpmHeader header = new RpmHeader(blob);
      // a key that somebody trusts is kept as if it were a package
      if (!header.text(RpmHeader.NAME).equals("gpg-pubkey")) {
        findings.add(component(header, location));
      }
    } catch (Fault.InvalidArgument e) {
      findings.remark(location, "holds a package that cannot be read: " + e.getMessage());
    }
  }

  private Component component(RpmHeader header, String location) {
    String name = header.text(RpmHeader.NAME);
    String version = header.text(RpmHeader.VERSION) + "-" + header.text(RpmHeader.RELEASE);
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("arch", header.text(RpmHeader.ARCH));
    qualifiers.put("distro", distribution.map(Inventory.Distribution::qualifier).orElse(""));
    qualifiers.put("upstream", header.text(RpmHeader.SOURCERPM));
    String epoch =
        header.number(RpmHeader.EPOCH).stream().mapToObj(Long::toString).findFirst().orElse("");
    qualifiers.put("epoch", epoch);
    String vendor = distribution.map(Inventory.Distribution::id).orElse("");
    String licence = header.text(RpmHeader.LICENSE);
    List<Checksum> checksums =
        new ArrayList<>(
            findings.checksum(
                Checksum.Algorithm.SHA256, header.text(RpmHeader.SHA256HEADER), location));
    String md5 = header.bytes(RpmHeader.SIGMD5).map(HexFormat.of()::formatHex).orElse("");
    checksums.addAll(findings.checksum(Checksum.Algorithm.MD5, md5, location));
    return new Component(
        Ecosystem.RPM,
        name,
        epoch.isEmpty() ? version : epoch + ":" + version,
        PackageUrl.of("rpm", vendor, name, version, qualifiers),
        licence.isEmpty() ? List.of() : List.of(licence),
        List.of(location),
        checksums);
  }
}
