package dev.kemas.archive;

import java.time.Instant;
import java.util.Map;

/**
 * One entry's header, its extensions (PAX, GNU) already merged in.
 *
 * @param name as the archive has it, not checked and not cleaned; bytes as in {@link
 *     dev.kemas.linux.FileNames}
 * @param type what it is
 * @param mode the twelve permission bits
 * @param uid owner, by number
 * @param gid group, by number
 * @param size bytes of the file; 0 for all but {@link Type#FILE}. For a sparse file the size with
 *     its holes
 * @param modified time of the last change, to the nanosecond where the archive has it
 * @param link what a symbolic link says, or the name of the entry that a hard link is another name
 *     of; empty for all else
 * @param major for a device
 * @param minor for a device
 * @param xattrs extended attributes by full name ({@code security.capability}), never overlayfs's
 *     own: what a PAX header calls {@code SCHILY.xattr.*}
 */
public record TarEntry(
    String name,
    Type type,
    int mode,
    int uid,
    int gid,
    long size,
    Instant modified,
    String link,
    int major,
    int minor,
    Map<String, byte[]> xattrs) {

  /** The types that a layer can hold. */
  public enum Type {
    FILE,
    HARD_LINK,
    SYMBOLIC_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }

  /** A file of root's without further attributes. */
  public static TarEntry file(String name, int mode, long size, Instant modified) {
    return new TarEntry(name, Type.FILE, mode, 0, 0, size, modified, "", 0, 0, Map.of());
  }

  /** A directory of root's without further attributes. */
  public static TarEntry directory(String name, int mode, Instant modified) {
    return new TarEntry(name, Type.DIRECTORY, mode, 0, 0, 0, modified, "", 0, 0, Map.of());
  }

  /** A symbolic link of root's. */
  public static TarEntry symbolicLink(String name, String target, Instant modified) {
    return new TarEntry(name, Type.SYMBOLIC_LINK, 0777, 0, 0, 0, modified, target, 0, 0, Map.of());
  }
}
