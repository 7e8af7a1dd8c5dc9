package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Puts SQLite's native library into a fixed folder once. Left to itself the driver unpacks a
 * megabyte into the temporary folder at each start of a process and searches that folder for what
 * earlier processes left.
 */
final class NativeLibrary {
  private static final String NAME = "libsqlitejdbc.so";

  private NativeLibrary() {}

  /** Effective for the first store that the process opens; later calls find it loaded. */
  static synchronized void prepare(Path folder) throws IOException {
    if (System.getProperty("org.sqlite.lib.path") != null) {
      return;
    }
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    String resource = "/org/sqlite/native/Linux/" + arch + "/" + NAME;
    URL url = SQLiteJDBCLoader.class.getResource(resource);
    if (url == null) {
      throw new Fault.Unsupported("the SQLite driver has no native library for Linux " + arch);
    }
    Path home = folder.resolve("lib").resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
    Path library = home.resolve(NAME);
    var source = url.openConnection();
    source.setUseCaches(false);
    try (InputStream in = source.getInputStream()) {
      if (!Files.exists(library) || Files.size(library) != source.getContentLengthLong()) {
        Files.createDirectories(home);
        Path part = Files.createTempFile(home, NAME, ".part");
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    System.setProperty("org.sqlite.lib.path", home.toString());
    System.setProperty("org.sqlite.lib.name", NAME);
  }
}
