package dev.kemas.synced.folder;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry of a client's folder, as the client lists it.
 *
 * @param path relative to the folder, parts divided by slashes; names are as {@link
 *     dev.kemas.linux.FileNames} has them
 * @param kind what it is
 * @param permissions the twelve bits
 * @param uid owner
 * @param gid group
 * @param size bytes, as far as the client knew when it looked
 * @param modified nanoseconds since 1970
 * @param target what a symbolic link says, or the path that a hard link is another name of; else
 *     empty
 * @param xattrs those that are kept: {@code user.*} and {@code security.capability}
 */
public record Entry(
    String path,
    EntryKind kind,
    int permissions,
    int uid,
    int gid,
    long size,
    long modified,
    String target,
    SortedMap<String, byte[]> xattrs) {

  public Entry {
    if (!xattrs.isEmpty()) {
      SortedMap<String, byte[]> kept = new TreeMap<>(xattrs);
      kept.keySet()
          .removeIf(name -> !name.startsWith("user.") && !name.equals("security.capability"));
      xattrs = kept;
    }
  }

  /** Whether nothing that is told of them differs; of directories, not even their times. */
  boolean isSame(Entry other) {
    return isSameButTimes(other)
        && modified == other.modified
        && (kind == EntryKind.DIRECTORY || size == other.size);
  }

  /** The same without times and size. */
  boolean isSameButTimes(Entry other) {
    return kind == other.kind
        && permissions == other.permissions
        && uid == other.uid
        && gid == other.gid
        && target.equals(other.target)
        && sameXattrs(other.xattrs);
  }

  private boolean sameXattrs(Map<String, byte[]> others) {
    if (xattrs.isEmpty() && others.isEmpty()) {
      return true;
    }
    return xattrs.keySet().equals(others.keySet())
        && xattrs.entrySet().stream()
            .allMatch(one -> Arrays.equals(one.getValue(), others.get(one.getKey())));
  }

  /** The directory it is in; empty for the folder itself. */
  String parent() {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
