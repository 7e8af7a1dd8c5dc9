package dev.kemas.build.files;

import dev.kemas.dockerfile.FileMode;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.util.Map;
import java.util.Optional;

/**
 * Who a copy belongs to and what may be done with it.
 *
 * @param uid owner of what the source has no owner for, such as folders on the way
 * @param gid its group
 * @param given whether that is the owner of all; otherwise what comes from a file system keeps its
 *     own, and what a client sent has none
 * @param permissions what becomes of the source's; empty: they stay
 */
public record Attributes(int uid, int gid, boolean given, Optional<FileMode> permissions) {
  /** What a copy is like unless somebody says otherwise. */
  public static final Attributes AS_THEY_ARE = new Attributes(0, 0, false, Optional.empty());

  /**
   * Whether an extended attribute goes with the content: not what a file system keeps for itself,
   * not labels of a security module, which belong to a place.
   */
  static boolean isCopied(String name) {
    return name.startsWith("user.") || name.equals("security.capability");
  }

  /** What becomes of these permissions. */
  int permissions(int present, boolean directory) {
    return permissions.map(mode -> mode.apply(present, directory)).orElse(present);
  }

  private boolean keepsOwners(SourceTree from) {
    return !given && from.hasOwners();
  }

  /** Whether a copy of a file is to be like the file in all that an inode has. */
  boolean leave(SourceTree from, Stat source, Map<String, byte[]> xattrs) {
    boolean owner = source.uid() == uid && source.gid() == gid;
    return (owner || keepsOwners(from))
        && permissions(source.permissions(), false) == source.permissions()
        && xattrs.keySet().stream().allMatch(Attributes::isCopied);
  }

  /**
   * Gives an entry its owner, permissions, extended attributes and times. In this order: a change
   * of owner clears setuid and capabilities.
   */
  void apply(
      SourceTree from, Directory directory, String name, Stat source, Map<String, byte[]> xattrs) {
    boolean kept = keepsOwners(from);
    directory.chown(name, kept ? source.uid() : uid, kept ? source.gid() : gid);
    if (source.type() != FileType.SYMLINK) {
      directory.chmod(name, permissions(source.permissions(), source.type() == FileType.DIRECTORY));
    }
    xattrs.forEach((attribute, value) -> {
      if (isCopied(attribute)) {
        directory.setXattr(name, attribute, value);
      }
    });
    directory.times(name, source.modified(), source.modified());
  }
}
