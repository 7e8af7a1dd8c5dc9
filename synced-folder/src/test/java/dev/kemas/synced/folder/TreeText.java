package dev.kemas.synced.folder;

import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A tree as text, by path; what is told of digests is held against the content. */
final class TreeText {
  private TreeText() {}

  static String hash(byte[] content) {
    return Digest.of(content).shortHex();
  }

  /** Of a folder that was given out. */
  static Map<String, String> of(SyncedFolder folder) {
    Map<String, String> all = new TreeMap<>();
    walk(folder.root(), "", all, Optional.of(folder));
    return all;
  }

  static Map<String, String> of(Path root) {
    Map<String, String> all = new TreeMap<>();
    walk(root, "", all, Optional.empty());
    return all;
  }

  private static void walk(
      Path folder, String path, Map<String, String> into, Optional<SyncedFolder> known) {
    try (Directory directory = Directory.open(folder)) {
      for (Directory.Entry entry : directory.list()) {
        String name = entry.name();
        String full = path.isEmpty() ? name : path + "/" + name;
        Stat stat = directory.stat(name).orElseThrow();
        long modified =
            stat.modified().getEpochSecond() * 1_000_000_000L + stat.modified().getNano();
        switch (stat.type()) {
          case DIRECTORY -> {
            into.put(full, "directory " + modified);
            walk(folder.resolve(name), full, into, known);
          }
          case REGULAR ->
              into.put(full, "file " + modified + " " + content(directory, name, known));
          case SYMLINK -> into.put(full, "symlink " + directory.readlink(name));
          default -> into.put(full, "fifo");
        }
      }
    }
  }

  private static String content(Directory directory, String name, Optional<SyncedFolder> known) {
    try (OpenFile file = directory.openForRead(name);
        InputStream in = file.input()) {
      String hash = hash(in.readAllBytes());
      known.ifPresent(folder -> {
        String told = folder.digest(file.stat()).orElseThrow().shortHex();
        if (!told.equals(hash)) {
          throw new AssertionError(name + " is told to have " + told + " and has " + hash);
        }
      });
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
