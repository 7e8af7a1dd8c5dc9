package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.linux.TreeCopy;

/** The folder of a snapshot that is being made. It counts from {@link #record} on. */
final class Slot implements AutoCloseable {
  private final long id;
  private final Directory directory;
  private final String boot;
  private final Gate gate;

  Slot(long id, Directory directory, String boot, Gate gate) {
    this.id = id;
    this.directory = directory;
    this.boot = boot;
    this.gate = gate;
  }

  long id() {
    return id;
  }

  void mkdir(String name, int permissions) {
    gate.pass("mkdir " + name);
    directory.mkdir(name, permissions);
    directory.chmod(name, permissions);
  }

  /** The root's attributes; the name is that of a folder in this one. */
  Stat stat(String name) {
    return directory.stat(name).orElseThrow();
  }

  void attributes(String name, int permissions, int uid, int gid) {
    gate.pass("attributes");
    if (uid != 0 || gid != 0) {
      directory.chown(name, uid, gid);
    }
    directory.chmod(name, permissions);
  }

  /** Copies a whole tree into a folder of this one. */
  void copy(Directory source, String name) {
    gate.pass("copy");
    try (Directory target = directory.openDirectory(name)) {
      TreeCopy.copy(source, target);
    }
  }

  /** Extended attributes of a root (access control lists, say) go along with its mode. */
  void xattrs(OpenFile from, String name) {
    from.xattrs()
        .forEach((key, value) -> {
          if (!key.startsWith("trusted.overlay.")) {
            directory.setXattr(name, key, value);
          }
        });
  }

  /** Before it becomes a layer: its files are not known to be on the disk. */
  void mark() {
    gate.pass("mark as not on the disk");
    // one is there when a process ended between mark and record
    directory.unlink(SnapshotFolder.UNSYNCED);
    directory.symlink(boot, SnapshotFolder.UNSYNCED);
  }

  /** From now on the snapshot is there. */
  void record(Node node) {
    gate.pass("record");
    directory.symlink(node.encode(), SnapshotFolder.RECORD);
  }

  /** From now on the snapshot is another one. */
  void replaceRecord(Node node) {
    gate.pass("unlink an unfinished record");
    directory.unlink(SnapshotFolder.NEXT_RECORD);
    gate.pass("write the next record");
    directory.symlink(node.encode(), SnapshotFolder.NEXT_RECORD);
    gate.pass("replace the record");
    directory.rename(
        SnapshotFolder.NEXT_RECORD, directory, SnapshotFolder.RECORD, Directory.Rename.REPLACE);
  }

  /** What overlayfs needed while it was mounted; a layer does not. */
  void dropWork() {
    gate.pass("drop the work folder");
    directory.removeTree(SnapshotFolder.WORK);
  }

  @Override
  public void close() {
    directory.close();
  }
}
