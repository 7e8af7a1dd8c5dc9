package dev.kemas.build.files;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Who a copy belongs to and what may be done with it.
 *
 * @param uid owner
 * @param gid group
 * @param permissions in place of the source's
 */
public record Attributes(int uid, int gid, OptionalInt permissions) {

  /**
   * Whether an extended attribute goes with the content: not what a file system keeps for itself,
   * not labels of a security module, which belong to a place.
   */
  static boolean isCopied(String name) {
    return name.startsWith("user.") || name.equals("security.capability");
  }

  /**
   * Gives an entry its owner, permissions, extended attributes and times. In this order: a change
   * of owner clears setuid and capabilities.
   */
  void apply(Directory directory, String name, Stat source, Map<String, byte[]> xattrs) {
    directory.chown(name, uid, gid);
    if (source.type() != FileType.SYMLINK) {
      directory.chmod(name, permissions.orElse(source.permissions()));
    }
    xattrs.forEach((attribute, value) -> {
      if (isCopied(attribute)) {
        directory.setXattr(name, attribute, value);
      }
    });
    directory.times(name, source.modified(), source.modified());
  }
}
