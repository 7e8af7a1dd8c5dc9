package dev.kemas.build.files;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Names selected files by all that a copy of them will have: paths, types, permissions, content,
 * link targets, device numbers, extended attributes. Not by times and owners: a copy's owner is not
 * the source's, and a time alone is no change.
 */
public final class SelectionDigest {
  private SelectionDigest() {}

  /** The digest of all that was selected, in its order. */
  public static Digest of(
      SourceTree tree, List<Selected> selection, IgnoreFile excluded, FileDigests contents) {
    MessageDigest hasher = Digest.sha256Hasher();
    for (Selected selected : selection) {
      add(hasher, selected.directory() ? "directory" : "file " + selected.name());
      if (selected.directory()) {
        add(hasher, Integer.toOctalString(tree.stat(selected).permissions()));
      }
      tree.walk(
          selected,
          excluded,
          (path, directory, name, stat) -> {
            add(hasher, path);
            add(hasher, stat.type() + " " + Integer.toOctalString(stat.permissions()));
            switch (stat.type()) {
              case REGULAR -> {
                try (OpenFile file =
                    path.isEmpty() ? tree.open(selected) : directory.openForRead(name)) {
                  add(hasher, contents.of(file, stat).hex());
                }
              }
              case SYMLINK -> add(hasher, directory.readlink(name));
              case CHARACTER_DEVICE, BLOCK_DEVICE -> add(hasher, device(stat));
              case DIRECTORY, FIFO, SOCKET, UNKNOWN -> {
                // nothing but the type and the permissions
              }
            }
            if (!path.isEmpty() && stat.type() != FileType.SOCKET) {
              directory
                  .xattrs(name)
                  .forEach((attribute, value) -> {
                    if (Attributes.isCopied(attribute)) {
                      add(hasher, attribute);
                      hasher.update(value);
                    }
                  });
            }
          });
    }
    return Digest.sha256(hasher.digest());
  }

  private static String device(Stat stat) {
    return stat.specialMajor() + ":" + stat.specialMinor();
  }

  private static void add(MessageDigest hasher, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hasher.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    hasher.update(bytes);
  }
}
