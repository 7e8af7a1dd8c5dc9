package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.util.Optional;

/** The changes in an overlay's upper folder (kernel documentation, filesystems/overlayfs). */
final class OverlayDiff {
  private static final byte YES = 'y';

  private final TreeEmitter out;

  OverlayDiff(TreeEmitter out) {
    this.out = out;
  }

  void write(Directory upper) throws IOException {
    Stat root = upper.stat();
    if (root.permissions() != 0755 || root.uid() != 0 || root.gid() != 0) {
      out.root(upper);
    }
    contents(upper, "", 0);
  }

  private void contents(Directory directory, String path, int depth) throws IOException {
    TreeEmitter.checkDepth(depth, path);
    for (Directory.Entry entry : TreeEmitter.sorted(directory)) {
      String prefix = path.isEmpty() ? "" : path + "/";
      FileType type = TreeEmitter.type(directory, entry);
      if (type == FileType.DIRECTORY) {
        directory(directory, entry.name(), prefix + entry.name(), depth);
      } else if (type == FileType.CHARACTER_DEVICE && isWhiteout(directory, entry.name())) {
        out.whiteout(prefix + Whiteouts.PREFIX + entry.name());
      } else {
        refuse(directory, entry.name(), type, prefix + entry.name());
        out.entry(directory, entry.name(), type, prefix + entry.name());
      }
    }
  }

  private static boolean isWhiteout(Directory directory, String name) {
    return directory.stat(name).filter(Cursor::isWhiteout).isPresent();
  }

  private void directory(Directory in, String name, String path, int depth) throws IOException {
    Optional<Directory> found = TreeEmitter.open(in, name);
    if (found.isEmpty()) {
      return;
    }
    try (Directory directory = found.get()) {
      if (in.xattr(name, "trusted.overlay.redirect").isPresent()) {
        throw unsupported(path, "redirect");
      }
      out.directory(directory, path);
      Optional<byte[]> opaque = in.xattr(name, Cursor.OPAQUE);
      if (opaque.isPresent() && opaque.get().length == 1 && opaque.get()[0] == YES) {
        out.whiteout(path + "/" + Whiteouts.OPAQUE);
      }
      contents(directory, path, depth + 1);
    }
  }

  /** A file whose content is still in a layer below would be written as zeroes. */
  private static void refuse(Directory in, String name, FileType type, String path) {
    if (type == FileType.REGULAR && in.xattr(name, "trusted.overlay.metacopy").isPresent()) {
      throw unsupported(path, "metacopy");
    }
  }

  private static Fault unsupported(String path, String feature) {
    return new Fault.Unsupported(
        "\""
            + path
            + "\" was changed on an overlay mounted with "
            + feature
            + "=on, which a layer cannot say; mount it with "
            + feature
            + "=off");
  }
}
