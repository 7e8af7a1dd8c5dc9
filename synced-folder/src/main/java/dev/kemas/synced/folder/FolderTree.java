package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The files of a slot, and what may be done to them. A file is never changed in place: it may be
 * known by another name in another slot. One thread.
 */
final class FolderTree implements AutoCloseable {
  private static final String LINK_DRAFT = "link";
  private static final String DIRECTORY_DRAFT = "directory";

  private final RootDir root;
  private final Directory incoming;

  FolderTree(Path tree, Path incoming) {
    this.root = RootDir.open(tree);
    this.incoming = Directory.open(incoming);
  }

  /** Where files are received before they have their place. */
  Directory incoming() {
    return incoming;
  }

  /** The root. */
  RootDir root() {
    return root;
  }

  /** What is at a path itself. */
  Optional<Stat> stat(String path) {
    RootDir.Place place = root.at(path);
    return place.directory().stat(place.name());
  }

  /** Makes a directory with all its attributes but times. */
  void directory(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    place.directory().mkdir(place.name(), 0700);
    attributes(place, entry);
  }

  /**
   * Gives owner, permissions and extended attributes: to what has just been made, or is a folder.
   */
  private static void attributes(RootDir.Place place, Entry entry) {
    place.directory().chown(place.name(), entry.uid(), entry.gid());
    if (entry.kind() != EntryKind.SYMLINK) {
      place.directory().chmod(place.name(), entry.permissions());
    }
    entry.xattrs().forEach((name, value) -> place.directory().setXattr(place.name(), name, value));
  }

  /** Gives a directory that is there other attributes. */
  void changeDirectory(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    boolean more =
        place.directory().xattrs(place.name()).keySet().stream()
            .anyMatch(name -> name.startsWith("user.") && !entry.xattrs().containsKey(name));
    if (more) {
      renew(place);
    }
    attributes(place, entry);
  }

  /** Puts a new directory in the place of one, with what is in it. */
  private void renew(RootDir.Place place) {
    incoming.mkdir(DIRECTORY_DRAFT, 0700);
    try (Directory before = place.directory().openDirectory(place.name());
        Directory after = incoming.openDirectory(DIRECTORY_DRAFT)) {
      for (Directory.Entry entry : before.list()) {
        before.rename(entry.name(), after, entry.name(), Directory.Rename.KEEP);
      }
    }
    incoming.rename(DIRECTORY_DRAFT, place.directory(), place.name(), Directory.Rename.REPLACE);
  }

  /** Gives an entry the time it was told to have. */
  void times(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    Instant modified = time(entry.modified());
    place.directory().times(place.name(), modified, modified);
  }

  static Instant time(long nanoseconds) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanoseconds, 1_000_000_000L), Math.floorMod(nanoseconds, 1_000_000_000L));
  }

  /** Makes a symbolic link or a FIFO. */
  void special(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    if (entry.kind() == EntryKind.SYMLINK) {
      place.directory().symlink(entry.target(), place.name());
    } else {
      place.directory().mknod(place.name(), FileType.FIFO, 0600, 0, 0);
    }
    attributes(place, entry);
    times(entry);
  }

  /** Removes whatever is at a path, with all that is in it. */
  void remove(String path) {
    RootDir.Place place = root.at(path);
    place.directory().removeTree(place.name());
    root.forget();
  }

  /** Gives a received file its place; nothing is there but a file, a link or a FIFO, or nothing. */
  void place(String received, String path) {
    RootDir.Place place = root.at(path);
    incoming.rename(received, place.directory(), place.name(), Directory.Rename.REPLACE);
  }

  /**
   * Makes a path another name of a file, unless it is.
   *
   * @throws Fault.InvalidArgument when the file is none
   */
  boolean link(Entry entry) {
    Optional<Stat> file = target(entry.target());
    if (file.filter(stat -> stat.type() == FileType.REGULAR).isEmpty()) {
      throw new Fault.InvalidArgument(
          "the client's listing of its folder is refused at "
              + Shown.of(entry.path())
              + ": it is a hard link to "
              + Shown.of(entry.target())
              + ", which is no file that was listed");
    }
    if (stat(entry.path()).filter(stat -> stat.isSameFile(file.get())).isPresent()) {
      return false;
    }
    RootDir.Place target = root.at(entry.target());
    incoming.link(target.directory(), target.name(), LINK_DRAFT);
    place(LINK_DRAFT, entry.path());
    return true;
  }

  /** Whether a hard link is another name of the file that it is told to be. */
  boolean isLinked(Entry entry) {
    Optional<Stat> file = target(entry.target());
    return file.isPresent()
        && stat(entry.path()).filter(stat -> stat.isSameFile(file.get())).isPresent();
  }

  private Optional<Stat> target(String path) {
    try {
      return stat(path);
    } catch (Fault.NotFound | Fault.InvalidArgument e) {
      return Optional.empty();
    }
  }

  /** Takes an entry that another tree has: a directory anew, anything else by a further name. */
  void copy(FolderTree other, Entry entry) {
    if (entry.kind() == EntryKind.DIRECTORY) {
      directory(entry);
    } else {
      RootDir.Place from = other.root.at(entry.path());
      RootDir.Place to = root.at(entry.path());
      to.directory().link(from.directory(), from.name(), to.name());
    }
  }

  @Override
  public void close() {
    incoming.close();
    root.close();
  }
}
