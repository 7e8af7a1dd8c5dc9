package dev.kemas.build.files;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A root file system to copy into. Never written outside, whatever symbolic links are in it. One
 * thread at a time.
 */
public final class TargetTree implements AutoCloseable {
  private static final int NEW_DIRECTORY = 0755;
  private static final int MOST_LINKS = 40;

  private final Path path;
  private final RootDir root;

  private final Aside aside;

  private TargetTree(Path path, RootDir root, Aside aside) {
    this.path = path;
    this.root = root;
    this.aside = aside;
  }

  /** Opens a mounted root file system. */
  public static TargetTree open(Path root) {
    return open(root, Aside.NOWHERE);
  }

  /** Opens a mounted root file system that new entries need not be written through. */
  public static TargetTree open(Path root, Aside aside) {
    return new TargetTree(root, RootDir.open(root), aside);
  }

  /** Where it is mounted. */
  public Path path() {
    return path;
  }

  /** Whether a directory is there, symbolic links followed. */
  public boolean isDirectory(String path) {
    return relative(path).isEmpty()
        || root.stat(relative(path)).filter(s -> s.type() == FileType.DIRECTORY).isPresent();
  }

  /** A file's text; empty when it is not there or is no file. For passwd(5) and group(5). */
  public String text(String path, int most) {
    Optional<Stat> stat = root.stat(relative(path));
    if (stat.isEmpty() || stat.get().type() != FileType.REGULAR) {
      return "";
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, stat.get().size()));
    try (OpenFile file = root.openForRead(relative(path))) {
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // until the end or the limit
      }
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  /**
   * Makes a directory with its parents; those that were missing belong to this owner.
   *
   * @throws Fault.InvalidArgument when something else is in the way
   */
  public void makeDirectories(String path, int uid, int gid) {
    StringBuilder so = new StringBuilder();
    for (String name : relative(path).split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      so.append(so.isEmpty() ? "" : "/").append(name);
      String current = so.toString();
      Optional<Stat> found = root.stat(current);
      if (found.isEmpty()) {
        String place = resolve(current);
        RootDir.Place entry = parent(place);
        entry.directory().mkdir(entry.name(), NEW_DIRECTORY);
        entry.directory().chmod(entry.name(), NEW_DIRECTORY);
        entry.directory().chown(entry.name(), uid, gid);
      } else if (found.get().type() != FileType.DIRECTORY) {
        throw new Fault.InvalidArgument(
            "cannot create directory /%s: it is there and is no directory".formatted(current));
      }
    }
  }

  private RootDir.Place parent(String path) {
    try {
      return root.at(path);
    } catch (Fault.NotFound e) {
      throw new Fault.InvalidArgument(
          "cannot write /%s: a symbolic link on the way leads nowhere".formatted(path), e);
    }
  }

  private static String relative(String path) {
    String clean = path;
    while (clean.startsWith("/")) {
      clean = clean.substring(1);
    }
    while (clean.endsWith("/")) {
      clean = clean.substring(0, clean.length() - 1);
    }
    return clean;
  }

  /** Follows symbolic links at the end of a path, to what may or may not be there. */
  private String resolve(String path) {
    String current = path;
    for (int i = 0; i < MOST_LINKS; i++) {
      RootDir.Place place = parent(current);
      Optional<Stat> stat = place.directory().stat(place.name());
      if (stat.isEmpty() || stat.get().type() != FileType.SYMLINK) {
        return current;
      }
      String target = place.directory().readlink(place.name());
      int slash = current.lastIndexOf('/');
      current =
          relative(
              target.startsWith("/") || slash < 0
                  ? target
                  : current.substring(0, slash) + "/" + target);
      if (current.isEmpty() || current.equals("..") || current.endsWith("/..")) {
        throw new Fault.InvalidArgument(
            "cannot overwrite the directory that /" + path + " leads to");
      }
    }
    throw new Fault.InvalidArgument("too many levels of symbolic links at /" + path);
  }

  /** Writes a file of this content, replacing what is there; parents are made. */
  public void write(String path, byte[] content, Instant modified, int permissions, Attributes as) {
    put(
        path,
        as,
        (directory, name) -> {
          try (OpenFile file = directory.create(name, 0600)) {
            file.write(ByteBuffer.wrap(content));
          }
          finish(directory, name, modified, permissions, as);
        });
  }

  /** As {@link #write}, from a file. */
  public void write(
      String path, OpenFile content, Instant modified, int permissions, Attributes as) {
    put(
        path,
        as,
        (directory, name) -> {
          try (OpenFile file = directory.create(name, 0600)) {
            file.copyFrom(content);
          }
          finish(directory, name, modified, permissions, as);
        });
  }

  private static void finish(
      Directory directory, String name, Instant modified, int permissions, Attributes as) {
    directory.chown(name, as.uid(), as.gid());
    directory.chmod(name, as.permissions(permissions, false));
    directory.times(name, modified, modified);
  }

  private interface Writer {
    void write(Directory directory, String name);
  }

  private void put(String path, Attributes as, Writer writer) {
    String clean = relative(path);
    int slash = clean.lastIndexOf('/');
    if (slash > 0) {
      makeDirectories(clean.substring(0, slash), as.uid(), as.gid());
    }
    RootDir.Place place = parent(resolve(clean));
    clear(place.directory(), place.name(), path);
    writer.write(place.directory(), place.name());
  }

  /** Makes room for something that is no directory. */
  static void clear(Directory directory, String name, String path) {
    Optional<Stat> there = directory.stat(name);
    if (there.isPresent()) {
      if (there.get().type() == FileType.DIRECTORY) {
        throw new Fault.InvalidArgument(
            "cannot replace the directory %s with a file".formatted(path));
      }
      directory.unlink(name);
    }
  }

  /** Copies a selected file to exactly this path; parents are made. */
  public void copyFile(SourceTree from, Selected selected, String path, Attributes as) {
    from.walk(
        selected,
        IgnoreFile.NONE,
        (inside, nowhere, name, stat) ->
            put(
                path,
                as,
                (directory, target) -> {
                  if (stat.type() != FileType.REGULAR) {
                    special(directory, target, stat, path);
                    as.apply(from, directory, target, stat, Map.of());
                    return;
                  }
                  try (OpenFile source = from.open(selected)) {
                    try (OpenFile file = directory.create(target, 0600)) {
                      file.copyFrom(source);
                    }
                    as.apply(from, directory, target, stat, source.xattrs());
                  }
                }));
  }

  /**
   * A folder for what is new in a directory, empty where there is none. The directory is touched,
   * so that what it lies in knows it as changed.
   */
  private Optional<TreeCopy.Room> beside(Directory directory) {
    try {
      Path place = Path.of("/proc/self/fd/" + directory.descriptor().number());
      Path real = Files.readSymbolicLink(place);
      if (!real.startsWith(path)) {
        return Optional.empty();
      }
      String within = path.relativize(real).toString();
      Optional<Path> folder = aside.folder(within);
      if (folder.isPresent()) {
        Instant now = Instant.now();
        directory.self().times(now, now);
      }
      String prefix = within.isEmpty() ? "" : within + "/";
      return folder.map(room ->
          new TreeCopy.Room(
              Directory.open(room),
              aside.latest(),
              (first, second) -> aside.link(prefix + first, prefix + second)));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // a name that Java has no path for: it is written through the mount
    }
  }

  static void special(Directory directory, String name, Stat stat, String path) {
    switch (stat.type()) {
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE ->
          directory.mknod(name, stat.type(), 0600, stat.specialMajor(), stat.specialMinor());
      default ->
          throw new Fault.InvalidArgument(
              "cannot copy a %s to %s"
                  .formatted(stat.type().name().toLowerCase(java.util.Locale.ROOT), path));
    }
  }

  /**
   * Makes a directory like one of the source's, unless it is there; its parent must be.
   *
   * @param like what it is like
   */
  public void makeDirectory(SourceTree from, Selected like, String path, Attributes as) {
    String clean = relative(path);
    if (isDirectory(clean)) {
      return;
    }
    makeDirectories(clean, as.uid(), as.gid());
    RootDir.Place place = parent(resolve(clean));
    as.apply(from, place.directory(), place.name(), from.stat(like), Map.of());
  }

  /**
   * Copies what is in a selected directory into this one, which is made when it is missing: like
   * any folder on the way, with nothing of the source but its time. Directories that are in both
   * are merged, files replaced.
   */
  public void copyContents(
      SourceTree from, Selected selected, String path, IgnoreFile excluded, Attributes as) {
    String clean = relative(path);
    boolean made = !isDirectory(clean);
    makeDirectories(clean, as.uid(), as.gid());
    try (Directory into = root.openDirectory(clean);
        TreeCopy copy = new TreeCopy(from, as, into, () -> beside(into))) {
      from.walk(selected, excluded, copy);
      copy.leaveAll();
    }
    if (made && !clean.isEmpty()) {
      // not the time of this copy: the same source is to give the same result
      Instant time = from.stat(selected).modified();
      RootDir.Place place = parent(resolve(clean));
      place.directory().times(place.name(), time, time);
    }
    root.forget();
  }

  @Override
  public void close() {
    root.close();
  }
}
