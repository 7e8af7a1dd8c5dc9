package dev.kemas.synced.folder;

import dev.kemas.linux.Directory;
import dev.kemas.linux.DurableFile;
import java.nio.file.Path;
import java.time.Instant;

/** One copy of a folder on the disk. What may change is guarded by the lock of its owner. */
final class Slot {
  static final String TREE = "tree";
  static final String INDEX = "index";
  private static final String INCOMING = "incoming";
  private static final String CHANGING = "changing";

  final String folder;
  final Path path;

  /** Builds that read it, or compare a listing with it. */
  int readers;

  /** Whether somebody changes it. */
  boolean writing;

  /** Whether the files may be others than the index says. */
  boolean doubtful;

  IndexFile.Header header;
  Instant used;

  /** When its writer had something to do last, by {@link System#nanoTime}. */
  volatile long progress = System.nanoTime();

  Slot(String folder, Path path, IndexFile.Header header, Instant used) {
    this.folder = folder;
    this.path = path;
    this.header = header;
    this.used = used;
  }

  boolean idle() {
    return readers == 0 && !writing;
  }

  Path index() {
    return path.resolve(INDEX);
  }

  Path draft() {
    return path.resolve("index.new");
  }

  Path tree() {
    return path.resolve(TREE);
  }

  FolderTree open() {
    return new FolderTree(tree(), path.resolve(INCOMING));
  }

  /** Makes an empty one on the disk. */
  static void make(Directory parent, Path path, String chosen) {
    String name = String.valueOf(path.getFileName());
    parent.mkdir(name, 0700);
    try (Directory slot = parent.openDirectory(name)) {
      slot.mkdir(TREE, 0755);
      slot.chmod(TREE, 0755);
      slot.mkdir(INCOMING, 0700);
    }
    try (IndexWriter empty = new IndexWriter(path.resolve("index.new"))) {
      empty.commit(path.resolve(INDEX), chosen);
    }
  }

  /** Says on the disk that the files may be others than the index says, or no longer. */
  void mark(boolean changing) {
    if (changing) {
      DurableFile.write(path.resolve(CHANGING), new byte[0], 0600, DurableFile.Durability.PROCESS);
    } else {
      try (Directory slot = Directory.open(path)) {
        slot.unlink(CHANGING);
      }
    }
  }

  /** Whether it was said so when the last process ended. */
  static boolean isMarked(Path path) {
    try (Directory slot = Directory.open(path)) {
      return slot.stat(CHANGING).isPresent();
    }
  }

  /** Removes what was received and has no place. */
  void clearIncoming() {
    try (Directory slot = Directory.open(path)) {
      slot.removeTree(INCOMING);
      slot.mkdir(INCOMING, 0700);
    }
  }
}
