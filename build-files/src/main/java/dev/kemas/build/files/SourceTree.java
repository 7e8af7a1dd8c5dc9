package dev.kemas.build.files;

import dev.kemas.dockerfile.Glob;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Files to copy from: a build context less what {@code .dockerignore} leaves out, or the file
 * system of a stage or image. Only read; never outside its root, whatever its symbolic links say.
 * One thread at a time.
 */
public final class SourceTree implements AutoCloseable {
  /** A tree nested deeper than this is no honest context. */
  private static final int DEEPEST = 400;

  private final RootDir root;
  private final IgnoreFile ignored;
  private final boolean context;
  private final boolean lends;

  private SourceTree(RootDir root, IgnoreFile ignored, boolean context, boolean lends) {
    this.root = root;
    this.ignored = ignored;
    this.context = context;
    this.lends = lends;
  }

  /** A build context. */
  public static SourceTree context(Path root, IgnoreFile ignored) {
    return new SourceTree(RootDir.open(root), ignored, true, false);
  }

  /**
   * A build context whose files nobody ever changes in place: a copy may be a hard link, where it
   * is to be the same in all that an inode has.
   */
  public static SourceTree lent(Path root, IgnoreFile ignored) {
    return new SourceTree(RootDir.open(root), ignored, true, true);
  }

  /**
   * Whether what is in it belongs to somebody: the owners of a context's files are an accident of
   * where it came from.
   */
  boolean hasOwners() {
    return !context;
  }

  /** A root file system. */
  public static SourceTree fileSystem(Path root) {
    return new SourceTree(RootDir.open(root), IgnoreFile.NONE, false, false);
  }

  /** Whether copies may be hard links. */
  boolean lends() {
    return lends;
  }

  /** Something found in the tree, as {@link #walk} shows it. */
  interface Visitor {
    /**
     * One entry.
     *
     * @param path relative to what was selected; empty for a selected file
     * @param directory where it is
     * @param name its name there
     * @param stat about the entry itself; for a selected file about what a symbolic link leads to
     */
    void entry(String path, Directory directory, String name, Stat stat);
  }

  /**
   * Chooses what a source of COPY or ADD means, in the order of the names.
   *
   * @throws Fault.NotFound in Docker's words when there is nothing, or {@code .dockerignore} leaves
   *     it out
   * @throws Fault.InvalidArgument for a malformed pattern
   */
  public List<Selected> select(String source) {
    return select(source, false);
  }

  /**
   * The same, where {@code **} stands for any number of folders, as {@code --parents} has it.
   *
   * @throws Fault.NotFound as {@link #select}
   * @throws Fault.InvalidArgument for a malformed pattern
   */
  public List<Selected> selectDeep(String source) {
    return select(source, true);
  }

  private List<Selected> select(String source, boolean deep) {
    String path = clean(source);
    if (!Glob.hasWildcard(path)) {
      return List.of(selected(path).orElseThrow(() -> missing(path)));
    }
    List<Selected> found = new ArrayList<>();
    if (deep && path.contains("**")) {
      matchBelow("", Glob.deep(path), found, 0);
    } else {
      match(path, Glob.of(path), found);
    }
    if (found.isEmpty()) {
      throw new Fault.NotFound("file", path, "no source files were specified");
    }
    found.sort(Comparator.comparing(Selected::path));
    return found;
  }

  private Fault.NotFound missing(String path) {
    return new Fault.NotFound(
        "file",
        path,
        context
            ? "file not found in build context or excluded by .dockerignore: stat %s: file does not exist"
                .formatted(path)
            : "stat %s: file does not exist".formatted(path));
  }

  /** A path below the root without empty parts; {@code ..} stops at the root. */
  private static String clean(String source) {
    List<String> parts = new ArrayList<>();
    for (String part : source.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private Optional<Selected> selected(String path) {
    if (path.isEmpty()) {
      return Optional.of(new Selected("", "", true));
    }
    Optional<Stat> stat = root.stat(path);
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    boolean directory = stat.get().type() == FileType.DIRECTORY;
    if (directory ? ignored.ignoresAllIn(path) : ignored.ignores(path)) {
      return Optional.empty();
    }
    return Optional.of(new Selected(path, path.substring(path.lastIndexOf('/') + 1), directory));
  }

  /** Lists only folders that the pattern's own folders match. */
  private void match(String pattern, Glob glob, List<Selected> found) {
    String[] parts = pattern.split("/", -1);
    List<String> level = List.of("");
    for (int depth = 0; depth < parts.length; depth++) {
      Glob part = depth == parts.length - 1 ? glob : prefix(parts, depth);
      List<String> next = new ArrayList<>();
      for (String folder : level) {
        for (String name : names(folder)) {
          String path = folder.isEmpty() ? name : folder + "/" + name;
          if (part.matches(path)) {
            next.add(path);
          }
        }
      }
      level = next;
    }
    level.forEach(path -> selected(path).ifPresent(found::add));
  }

  /** A folder that matches is taken whole. */
  private void matchBelow(String folder, Glob glob, List<Selected> found, int depth) {
    List<Directory.Entry> entries;
    try (Directory directory = root.openDirectory(folder)) {
      entries = directory.list();
    }
    for (Directory.Entry entry : entries) {
      String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
      if (glob.matches(path)) {
        selected(path).ifPresent(found::add);
      } else if (entry.type() == FileType.DIRECTORY
          && depth < DEEPEST
          && !ignored.ignoresAllIn(path)) {
        matchBelow(path, glob, found, depth + 1);
      }
    }
  }

  private static Glob prefix(String[] parts, int depth) {
    return Glob.of(String.join("/", List.of(parts).subList(0, depth + 1)));
  }

  private List<String> names(String folder) {
    boolean isDirectory =
        folder.isEmpty()
            || root.stat(folder).filter(stat -> stat.type() == FileType.DIRECTORY).isPresent();
    if (!isDirectory) {
      return List.of();
    }
    try (Directory directory = root.openDirectory(folder)) {
      return directory.list().stream().map(Directory.Entry::name).toList();
    }
  }

  /**
   * Shows a selected file, or each entry below a selected directory: a directory before what is in
   * it, entries in the order of their names, what is left out not at all.
   *
   * @param excluded further patterns of what is left out, relative to what was selected
   */
  void walk(Selected selected, IgnoreFile excluded, Visitor visitor) {
    if (!selected.directory()) {
      if (!excluded.ignores(selected.name())) {
        try (Directory nowhere = root.openDirectory("")) {
          Stat stat = root.stat(selected.path()).orElseThrow(() -> missing(selected.path()));
          visitor.entry("", nowhere, selected.name(), stat);
        }
      }
      return;
    }
    try (Directory directory = root.openDirectory(selected.path())) {
      walk(directory, selected.path(), "", excluded, visitor, 0);
    }
  }

  private void walk(
      Directory directory,
      String path,
      String relative,
      IgnoreFile excluded,
      Visitor visitor,
      int depth) {
    if (depth > DEEPEST) {
      throw new Fault.InvalidArgument(
          "folders are nested more than %d deep at %s".formatted(DEEPEST, path.substring(0, 100)));
    }
    List<Directory.Entry> entries = new ArrayList<>(directory.list());
    entries.sort(Comparator.comparing(Directory.Entry::name));
    for (Directory.Entry entry : entries) {
      String name = entry.name();
      String full = path.isEmpty() ? name : path + "/" + name;
      String inside = relative.isEmpty() ? name : relative + "/" + name;
      Stat stat =
          directory
              .stat(name)
              .orElseThrow(() -> new Fault.Conflict(full + " was removed while it was being read"));
      boolean isDirectory = stat.type() == FileType.DIRECTORY;
      if (isDirectory && (ignored.ignoresAllIn(full) || excluded.ignoresAllIn(inside))) {
        continue;
      }
      // an ignored folder with something kept in it must be there for that
      if (!isDirectory && (ignored.ignores(full) || excluded.ignores(inside))) {
        continue;
      }
      visitor.entry(inside, directory, name, stat);
      if (isDirectory) {
        try (Directory child = directory.openDirectory(name)) {
          walk(child, full, inside, excluded, visitor, depth + 1);
        }
      }
    }
  }

  /** Whether there is anything that the rules leave out. */
  public boolean leavesOut() {
    return leavesOut(root.root(), "", 0);
  }

  private boolean leavesOut(Directory directory, String path, int depth) {
    for (Directory.Entry entry : directory.list()) {
      String full = path.isEmpty() ? entry.name() : path + "/" + entry.name();
      boolean isDirectory = entry.type() == FileType.DIRECTORY;
      if (isDirectory ? ignored.ignoresAllIn(full) : ignored.ignores(full)) {
        return true;
      }
      if (isDirectory && depth < DEEPEST) {
        try (Directory child = directory.openDirectory(entry.name())) {
          if (leavesOut(child, full, depth + 1)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The folders that lead to a selected thing, from the root, the root itself not among them. */
  public List<Selected> folders(Selected selected) {
    List<Selected> folders = new ArrayList<>();
    String path = selected.path();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      String folder = path.substring(0, slash);
      folders.add(new Selected(folder, folder.substring(folder.lastIndexOf('/') + 1), true));
    }
    return folders;
  }

  /** About the selected thing itself, symbolic links followed. */
  Stat stat(Selected selected) {
    return selected.path().isEmpty()
        ? root.root().stat()
        : root.stat(selected.path()).orElseThrow(() -> missing(selected.path()));
  }

  /** Opens a selected file; the caller closes it. */
  public OpenFile open(Selected selected) {
    return root.openForRead(selected.path());
  }

  @Override
  public void close() {
    root.close();
  }
}
