package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Puts entries of an archive into the file system with all their attributes. What is in the way is
 * replaced, but for a directory that an entry for a directory meets.
 */
final class EntryPlacer {
  /**
   * What differs between a layer and other archives.
   *
   * @param absolute about names
   * @param devices whether device nodes are made
   * @param owner who owns everything; empty for what the archive says
   * @param keepKinds refuse to replace a directory by something else and the reverse
   * @param overlay whether 0/0 devices that are in the way are whiteouts
   */
  record Rules(
      LayerApplier.AbsoluteNames absolute,
      boolean devices,
      Optional<Owner> owner,
      boolean keepKinds,
      boolean overlay) {}

  private final Cursor cursor;
  private final LinkPolicy links;
  private final TarReader reader;
  private final Rules rules;
  private long lostXattrs;

  EntryPlacer(Cursor cursor, LinkPolicy links, TarReader reader, Rules rules) {
    this.cursor = cursor;
    this.links = links;
    this.reader = reader;
    this.rules = rules;
  }

  /** Attributes that the file system could not hold. */
  long lostXattrs() {
    return lostXattrs;
  }

  void place(TarEntry entry, EntryName name) throws IOException {
    if (name.isRoot()) {
      root(entry);
      return;
    }
    Directory into = cursor.enter(name);
    switch (entry.type()) {
      case FILE -> file(entry, name, into);
      case DIRECTORY -> directory(entry, name, into);
      case SYMBOLIC_LINK -> {
        make(into, name, () -> into.symlink(entry.link(), name.last()));
        links.made(name.path());
        attributes(entry, into, name.last());
      }
      case HARD_LINK -> hardLink(entry, name, into);
      case CHARACTER_DEVICE -> device(entry, name, into, FileType.CHARACTER_DEVICE);
      case BLOCK_DEVICE -> device(entry, name, into, FileType.BLOCK_DEVICE);
      case FIFO -> {
        make(into, name, () -> into.mknod(name.last(), FileType.FIFO, 0600, 0, 0));
        attributes(entry, into, name.last());
      }
    }
  }

  private void root(TarEntry entry) {
    if (entry.type() != TarEntry.Type.DIRECTORY) {
      throw new Fault.InvalidArgument(
          "archive entry \"" + entry.name() + "\" would replace the root; the archive is refused");
    }
    cursor.finish();
    OpenFile root = cursor.root().self();
    root.chown(uid(entry), gid(entry));
    root.chmod(entry.mode());
    entry.xattrs().forEach((key, value) -> xattr(key, () -> root.setXattr(key, value)));
    cursor.finishWith("", entry.modified());
  }

  private void file(TarEntry entry, EntryName name, Directory into) throws IOException {
    try (OpenFile file = create(into, name)) {
      if (reader.isSparse()) {
        writeSparse(file, entry.size());
      } else {
        write(file, entry.size());
      }
      file.chown(uid(entry), gid(entry));
      file.chmod(entry.mode());
      if (!entry.xattrs().isEmpty()) {
        entry.xattrs().forEach((key, value) -> xattr(key, () -> file.setXattr(key, value)));
      }
      file.times(entry.modified(), entry.modified());
    } catch (IOException | Fault e) {
      into.unlink(name.last());
      throw e;
    }
  }

  private OpenFile create(Directory into, EntryName name) {
    try {
      return into.create(name.last(), 0600);
    } catch (Fault.Conflict e) {
      clear(into, name);
      return into.create(name.last(), 0600);
    }
  }

  private void write(OpenFile file, long size) throws IOException {
    long left = size;
    while (left > 0) {
      int n = reader.peek(left);
      file.write(ByteBuffer.wrap(reader.array(), reader.offset(), n));
      reader.take(n);
      left -= n;
    }
  }

  private void writeSparse(OpenFile file, long size) throws IOException {
    long[] map = reader.map();
    for (int i = 0; i < map.length; i += 2) {
      file.seek(map[i]);
      write(file, map[i + 1]);
    }
    file.truncate(size);
  }

  private void directory(TarEntry entry, EntryName name, Directory into) {
    try {
      into.mkdir(name.last(), 0700);
    } catch (Fault.Conflict e) {
      Stat found = into.stat(name.last()).orElseThrow(() -> e);
      if (rules.overlay() && Cursor.isWhiteout(found)) {
        cursor.replaceWhiteout(into, name.last());
      } else if (found.type() != FileType.DIRECTORY) {
        refuseOtherKind(name, rules.keepKinds());
        into.unlink(name.last());
        into.mkdir(name.last(), 0700);
      }
    }
    attributes(entry, into, name.last());
    cursor.finishWith(name.path(), entry.modified());
  }

  private void hardLink(TarEntry entry, EntryName name, Directory into) {
    EntryName target = EntryName.of(entry.link(), "hard link target", rules.absolute());
    if (target.isRoot()) {
      throw new Fault.InvalidArgument(
          "archive entry \"" + entry.name() + "\" is a hard link to the root; it is refused");
    }
    if (target.path().equals(name.path())) {
      return;
    }
    boolean near = cursor.isAt(target.parent());
    Directory from =
        near ? into : links.followForHardLink(cursor.root(), target.parent(), entry.name());
    try {
      Stat found =
          from.stat(target.last())
              .orElseThrow(() ->
                  new Fault.InvalidArgument(
                      "archive entry \""
                          + entry.name()
                          + "\" is a hard link to \""
                          + entry.link()
                          + "\", which is not there"));
      if (found.type() == FileType.DIRECTORY) {
        throw new Fault.InvalidArgument(
            "archive entry \"" + entry.name() + "\" is a hard link to a directory; it is refused");
      }
      make(into, name, () -> into.link(from, target.last(), name.last()));
    } finally {
      if (!near) {
        from.close();
      }
    }
  }

  private void device(TarEntry entry, EntryName name, Directory into, FileType type) {
    if (!rules.devices()) {
      throw new Fault.InvalidArgument(
          "archive entry \"" + entry.name() + "\" is a device, which is not allowed here");
    }
    make(into, name, () -> into.mknod(name.last(), type, 0600, entry.major(), entry.minor()));
    attributes(entry, into, name.last());
  }

  private void make(Directory into, EntryName name, Runnable step) {
    try {
      step.run();
    } catch (Fault.Conflict e) {
      clear(into, name);
      step.run();
    }
  }

  /** Takes away what is in the way of anything but a directory. */
  private void clear(Directory into, EntryName name) {
    boolean directory =
        into.stat(name.last()).map(Stat::type).filter(FileType.DIRECTORY::equals).isPresent();
    refuseOtherKind(name, rules.keepKinds() && directory);
    into.removeTree(name.last());
    cursor.forget(name.path());
  }

  private static void refuseOtherKind(EntryName name, boolean refused) {
    if (refused) {
      throw new Fault.Conflict(
          "cannot put \""
              + name.path()
              + "\" in place: a directory would replace something else, or the reverse");
    }
  }

  private void attributes(TarEntry entry, Directory in, String name) {
    in.chown(name, uid(entry), gid(entry));
    if (entry.type() != TarEntry.Type.SYMBOLIC_LINK) {
      in.chmod(name, entry.mode());
    }
    if (!entry.xattrs().isEmpty()) {
      for (Map.Entry<String, byte[]> x : entry.xattrs().entrySet()) {
        xattr(x.getKey(), () -> in.setXattr(name, x.getKey(), x.getValue()));
      }
    }
    Instant modified = entry.modified();
    in.times(name, modified, modified);
  }

  /**
   * A label of SELinux is the host's to give. Where a file system has no room for an attribute the
   * archive is still good, as dockerd sees it too.
   */
  private void xattr(String key, Runnable set) {
    if (key.equals("security.selinux")) {
      return;
    }
    try {
      set.run();
    } catch (Fault.Unsupported e) {
      lostXattrs++;
    } catch (Fault.Forbidden e) {
      // the kernel lets user attributes be on files and directories only (xattr(7))
      if (!key.startsWith("user.")) {
        throw e;
      }
      lostXattrs++;
    }
  }

  private int uid(TarEntry entry) {
    return rules.owner().map(Owner::uid).orElse(entry.uid());
  }

  private int gid(TarEntry entry) {
    return rules.owner().map(Owner::gid).orElse(entry.gid());
  }
}
