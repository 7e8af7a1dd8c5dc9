package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.FirstNames;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes what lies in the file system into an archive: entry by entry, each inode's content once,
 * further names of it as hard links. A file that goes away while it is looked at is left out.
 */
final class TreeEmitter {
  /** No archive with longer names could be extracted again; see {@link EntryName}. */
  static final int DEEPEST = 400;

  private final TarWriter writer;
  private final Optional<Owner> owner;
  private final boolean xattrs;
  private final FirstNames firstNames = new FirstNames();
  private long entries;
  private long content;

  TreeEmitter(TarWriter writer, Optional<Owner> owner, boolean xattrs) {
    this.writer = writer;
    this.owner = owner;
    this.xattrs = xattrs;
  }

  long entries() {
    return entries;
  }

  /** Bytes of the files written so far. */
  long content() {
    return content;
  }

  /** The entries of a directory in the order in which they are written. */
  static List<Directory.Entry> sorted(Directory directory) {
    List<Directory.Entry> entries = new ArrayList<>(directory.list());
    entries.sort(Comparator.comparing(Directory.Entry::name));
    return entries;
  }

  /** The type of an entry, asked for where the listing did not say. */
  static FileType type(Directory in, Directory.Entry entry) {
    return entry.type() != FileType.UNKNOWN
        ? entry.type()
        : in.stat(entry.name()).map(Stat::type).orElse(FileType.UNKNOWN);
  }

  static void checkDepth(int depth, String path) {
    if (depth > DEEPEST) {
      throw new Fault.InvalidArgument(
          "\"" + path.substring(0, 80) + "...\" is nested deeper than " + DEEPEST + " folders");
    }
  }

  /** Writes everything in a directory. */
  void contents(Directory directory, String path, int depth) throws IOException {
    checkDepth(depth, path);
    for (Directory.Entry entry : sorted(directory)) {
      String name = path.isEmpty() ? entry.name() : path + "/" + entry.name();
      tree(directory, entry.name(), type(directory, entry), name, depth);
    }
  }

  /** Writes an entry and, if it is a directory, everything in it. */
  void tree(Directory in, String name, FileType type, String path, int depth) throws IOException {
    if (type != FileType.DIRECTORY) {
      entry(in, name, type, path);
      return;
    }
    Optional<Directory> found = open(in, name);
    if (found.isPresent()) {
      try (Directory directory = found.get()) {
        directory(directory, path);
        contents(directory, path, depth + 1);
      }
    }
  }

  /** A directory that went away meanwhile is no fault. */
  static Optional<Directory> open(Directory in, String name) {
    try {
      return Optional.of(in.openDirectory(name));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  /** Writes the entry of a directory, not what is in it. */
  void directory(Directory directory, String path) throws IOException {
    Stat stat = directory.stat();
    writer.put(header(path, TarEntry.Type.DIRECTORY, stat, 0, "", attributes(directory.self())));
    entries++;
  }

  /** Writes one entry that is no directory. */
  void entry(Directory in, String name, FileType type, String path) throws IOException {
    if (type == FileType.REGULAR) {
      file(in, name, path);
      return;
    }
    Optional<Stat> found = in.stat(name);
    if (found.isEmpty() || type == FileType.SOCKET || type == FileType.UNKNOWN) {
      // tar has no form for a socket, and what it stands for is gone with its process
      return;
    }
    Stat stat = found.get();
    if (linked(stat, path)) {
      return;
    }
    TarEntry.Type kind =
        switch (type) {
          case SYMLINK -> TarEntry.Type.SYMBOLIC_LINK;
          case CHARACTER_DEVICE -> TarEntry.Type.CHARACTER_DEVICE;
          case BLOCK_DEVICE -> TarEntry.Type.BLOCK_DEVICE;
          case FIFO -> TarEntry.Type.FIFO;
          case REGULAR, DIRECTORY, SOCKET, UNKNOWN ->
              throw new Fault.Internal("not to be written as one entry: " + type);
        };
    String link = type == FileType.SYMLINK ? in.readlink(name) : "";
    Map<String, byte[]> attributes = xattrs ? wanted(in.xattrs(name)) : Map.of();
    writer.put(header(path, kind, stat, 0, link, attributes));
    entries++;
  }

  private void file(Directory in, String name, String path) throws IOException {
    try (OpenFile file = in.openForRead(name)) {
      Stat stat = file.stat();
      if (stat.type() != FileType.REGULAR || linked(stat, path)) {
        return;
      }
      writer.putUnchecked(
          header(path, TarEntry.Type.FILE, stat, stat.size(), "", attributes(file)),
          (into, from, length) -> file.read(ByteBuffer.wrap(into, from, length)));
      content += stat.size();
      entries++;
    } catch (Fault.NotFound e) {
      // removed since the directory was listed: as if it had not been there
    }
  }

  /** Writes a hard link if another name of the inode was written before. */
  private boolean linked(Stat stat, String path) throws IOException {
    if (stat.links() < 2) {
      return false;
    }
    Optional<String> first = firstNames.of(stat, path);
    if (first.isEmpty()) {
      return false;
    }
    writer.put(header(path, TarEntry.Type.HARD_LINK, stat, 0, first.get(), Map.of()));
    entries++;
    return true;
  }

  /** Writes an empty file that stands for a removal. */
  void whiteout(String path) throws IOException {
    writer.put(TarEntry.file(path, 0, 0, Instant.EPOCH));
    entries++;
  }

  /** Writes the entry of the root, which does not count. */
  void root(Directory root) throws IOException {
    directory(root, ".");
    entries--;
  }

  private TarEntry header(
      String path,
      TarEntry.Type type,
      Stat stat,
      long size,
      String link,
      Map<String, byte[]> attributes) {
    return new TarEntry(
        path,
        type,
        stat.permissions(),
        owner.map(Owner::uid).orElse(stat.uid()),
        owner.map(Owner::gid).orElse(stat.gid()),
        size,
        stat.modified(),
        link,
        stat.specialMajor(),
        stat.specialMinor(),
        attributes);
  }

  private Map<String, byte[]> attributes(OpenFile file) {
    return xattrs ? wanted(file.xattrs()) : Map.of();
  }

  /** Without those that belong to this host: overlayfs's own, labels, signatures of the host's. */
  static Map<String, byte[]> wanted(Map<String, byte[]> all) {
    if (all.isEmpty()) {
      return all;
    }
    Map<String, byte[]> kept = new TreeMap<>(all);
    kept.keySet()
        .removeIf(k ->
            k.startsWith("trusted.overlay.")
                || k.startsWith("user.overlay.")
                || k.equals("security.selinux")
                || k.equals("security.ima")
                || k.equals("security.evm"));
    return kept;
  }
}
