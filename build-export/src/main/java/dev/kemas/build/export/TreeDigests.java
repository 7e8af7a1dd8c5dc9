package dev.kemas.build.export;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Looks through the files of a tree without following a link out of it. */
final class TreeDigests {
  private static final int PIECE = 256 * 1024;
  private static final int DEEPEST = 400;

  private TreeDigests() {}

  private interface Visitor {
    void visit(Directory folder, String name, String path);
  }

  /** The contents of all regular files, by their paths from the root. */
  static SortedMap<String, Digest> of(Path root) {
    SortedMap<String, Digest> found = new TreeMap<>();
    try (Directory top = Directory.open(root)) {
      walk(
          top,
          "",
          0,
          (folder, name, path) -> {
            if (folder.stat(name).map(Stat::type).equals(Optional.of(FileType.REGULAR))) {
              found.put(path, digest(folder, name));
            }
          });
    }
    return found;
  }

  /** The paths of all that is no folder. */
  static void paths(Path root, Consumer<String> seen) {
    try (Directory top = Directory.open(root)) {
      walk(top, "", 0, (_, _, path) -> seen.accept(path));
    }
  }

  private static void walk(Directory folder, String above, int depth, Visitor visitor) {
    if (depth > DEEPEST) {
      throw new Fault.InvalidArgument(
          "folders are nested more than " + DEEPEST + " deep at " + above.substring(0, 100));
    }
    folder
        .list()
        .forEach(entry -> {
          String name = entry.name();
          String path = above.isEmpty() ? name : above + '/' + name;
          if (folder.stat(name).map(Stat::type).equals(Optional.of(FileType.DIRECTORY))) {
            try (Directory child = folder.openDirectory(name)) {
              walk(child, path, depth + 1, visitor);
            }
          } else {
            visitor.visit(folder, name, path);
          }
        });
  }

  private static Digest digest(Directory folder, String name) {
    MessageDigest hasher = Digest.sha256Hasher();
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    try (OpenFile file = folder.openForRead(name)) {
      while (file.read(piece) >= 0) {
        piece.flip();
        hasher.update(piece);
        piece.clear();
      }
    }
    return Digest.sha256(hasher.digest());
  }
}
