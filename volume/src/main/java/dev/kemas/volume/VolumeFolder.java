package dev.kemas.volume;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of one volume, {@code NAME/}, and what lies in it. Calls for one are in turn. */
record VolumeFolder(Path path) {
  static final String DATA = "_data";

  /** Content being copied: worth nothing after a crash. */
  private static final String FILL = "_fill";

  /** Content whose copy is complete, on its way into the volume. */
  private static final String FULL = "_full";

  Path data() {
    return path.resolve(DATA);
  }

  void make() {
    try (RootDir parent = RootDir.open(path.resolveSibling(""))) {
      parent.mkdirs(String.valueOf(path.getFileName()), 0701);
    }
    try (RootDir folder = RootDir.open(path)) {
      folder.mkdirs(DATA, 0755);
    }
  }

  /** Finishes or drops what a crash left half filled. */
  void repair() {
    try (Directory folder = Directory.open(path)) {
      if (folder.stat(FILL).isPresent()) {
        folder.removeTree(FILL);
      }
      if (folder.stat(FULL).isPresent()) {
        moveIn(folder);
      }
    }
  }

  /**
   * Copies a directory of an image into the empty volume, with its owner and mode. Containers that
   * have the volume mounted already see the entries appear, each whole.
   *
   * @return false when the volume was not empty or the image has nothing there
   */
  boolean fill(RootDir image, String source, boolean isMount) {
    Optional<Stat> there = image.stat(source);
    if (there.isEmpty()) {
      return false;
    }
    if (there.get().type() != FileType.DIRECTORY) {
      throw new Fault.InvalidArgument(
          "cannot mount volume over existing file, file exists " + source);
    }
    repair();
    try (Directory folder = Directory.open(path);
        OpenFile attributes = image.openForRead(source);
        Directory from = image.openDirectory(source)) {
      try (Directory data = folder.openDirectory(DATA)) {
        if (!data.list().isEmpty()) {
          return false;
        }
      }
      if (from.list().isEmpty()) {
        TreeCopy.attributes(attributes, folder, DATA);
        return true;
      }
      if (isMount) {
        // another file system: nothing can be moved into it, so a crash leaves it half filled
        try (RootDir data = RootDir.open(data())) {
          TreeCopy.contents(from, data);
        }
        TreeCopy.attributes(attributes, folder, DATA);
        return true;
      }
      folder.mkdir(FILL, 0700);
      try (RootDir fill = RootDir.open(path.resolve(FILL))) {
        TreeCopy.contents(from, fill);
      }
      TreeCopy.attributes(attributes, folder, FILL);
      folder.rename(FILL, folder, FULL, Directory.Rename.KEEP);
      moveIn(folder);
      return true;
    }
  }

  /** Every step may be the last before a crash; the next call goes on from there. */
  private static void moveIn(Directory folder) {
    try (Directory full = folder.openDirectory(FULL);
        Directory data = folder.openDirectory(DATA)) {
      for (Directory.Entry entry : full.list()) {
        if (data.stat(entry.name()).isEmpty()) {
          full.rename(entry.name(), data, entry.name(), Directory.Rename.KEEP);
        } else {
          // somebody who had the volume mounted was faster: theirs stays
          full.removeTree(entry.name());
        }
      }
    }
    try (RootDir parent = RootDir.open(Path.of("/proc/self/fd/" + folder.descriptor().number()));
        OpenFile attributes = parent.openForRead(FULL)) {
      TreeCopy.attributes(attributes, folder, DATA);
    }
    folder.rmdir(FULL);
  }
}
