package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is the root of everything reached through it: a layer, a container's file
 * system. The kernel resolves each path beneath it (openat2(2), RESOLVE_IN_ROOT): an absolute
 * symbolic link starts here, {@code ..} stops here, and links of /proc lead nowhere. So hostile
 * content cannot lead outside, also not while it is being changed.
 *
 * <p>{@link #at} keeps the directory it found last open, since archives and walks name neighbours
 * one after the other: an entry then costs no walk. One thread at a time.
 */
public final class RootDir implements AutoCloseable {
  private static final int RESOLVE = FileCalls.RESOLVE_IN_ROOT | FileCalls.RESOLVE_NO_MAGICLINKS;

  private final Directory root;
  private String parentPath = "";
  private @Nullable Directory parent;

  private RootDir(Directory root) {
    this.root = root;
  }

  /**
   * A directory and the name of an entry in it, which may or may not exist.
   *
   * @param directory valid until the next call on the {@link RootDir}; not to be closed
   */
  public record Place(Directory directory, String name) {}

  /** Opens a trusted path as a root. */
  public static RootDir open(Path path) {
    return new RootDir(Directory.open(path));
  }

  /** The root itself; not to be closed. */
  public Directory root() {
    return root;
  }

  /**
   * Finds the directory of a path's last component. Symbolic links on the way are followed beneath
   * the root; the last component is not looked at. A leading slash, double slashes and {@code .}
   * are of no meaning.
   *
   * @throws Fault.InvalidArgument when the last component is {@code ..} or the path names the root
   * @throws Fault.NotFound when a directory on the way is missing, or is not a directory
   */
  public Place at(String path) {
    int end = path.length();
    while (end > 0
        && (path.charAt(end - 1) == '/'
            || (path.charAt(end - 1) == '.' && (end == 1 || path.charAt(end - 2) == '/')))) {
      end--;
    }
    int slash = path.lastIndexOf('/', end - 1);
    String name = path.substring(slash + 1, end);
    if (name.isEmpty()) {
      throw new Fault.InvalidArgument("\"" + path + "\" names the root itself");
    }
    Directory.validate(name);
    String above = slash < 0 ? "" : path.substring(0, slash);
    return new Place(directory(above), name);
  }

  private Directory directory(String path) {
    Directory known = parent;
    if (known != null && path.equals(parentPath)) {
      return known;
    }
    forget();
    if (path.isEmpty() || path.equals(".")) {
      return root;
    }
    Directory found = openDirectory(path);
    parent = found;
    parentPath = path;
    return found;
  }

  /**
   * Forgets the directory kept open. Call it after a directory was removed, renamed or replaced,
   * since what {@link #at} kept may be that one.
   */
  public void forget() {
    Directory known = parent;
    if (known != null) {
      known.close();
      parent = null;
    }
  }

  /** Opens a directory; the caller closes it. Symbolic links are followed beneath the root. */
  public Directory openDirectory(String path) {
    return new Directory(open(path, Abi.O_RDONLY | Abi.O_DIRECTORY));
  }

  /**
   * Opens a file for reading; the caller closes it. Symbolic links are followed beneath the root.
   */
  public OpenFile openForRead(String path) {
    return new OpenFile(open(path, Abi.O_RDONLY | Abi.O_NONBLOCK));
  }

  /**
   * What a path leads to, symbolic links followed beneath the root; empty when it leads nowhere.
   */
  public Optional<Stat> stat(String path) {
    try (Descriptor found = open(path, Abi.O_PATH)) {
      return Optional.of(OpenFile.stat(found));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private Descriptor open(String path, int flags) {
    String relative = path.isEmpty() ? "." : path;
    int fd = root.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.openat2(s, fd, s.string(relative), flags, RESOLVE);
      if (r < 0) {
        throw Failure.of(r, "openat2", root.descriptor().what(), path);
      }
      return new Descriptor(r, root.descriptor().what() + "/" + path);
    } finally {
      root.descriptor().leave();
    }
  }

  /**
   * Makes every directory of a path that is missing, links on the way followed beneath the root.
   *
   * @return how many were made
   */
  public int mkdirs(String path, int permissions) {
    int made = 0;
    StringBuilder so = new StringBuilder();
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      so.append(so.isEmpty() ? "" : "/").append(name);
      if (name.equals("..") || stat(so.toString()).isPresent()) {
        continue;
      }
      Place place = at(so.toString());
      place.directory().mkdir(place.name(), permissions);
      place.directory().chmod(place.name(), permissions);
      made++;
    }
    return made;
  }

  @Override
  public void close() {
    forget();
    root.close();
  }
}
