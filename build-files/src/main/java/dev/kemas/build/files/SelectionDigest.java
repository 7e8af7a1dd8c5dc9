package dev.kemas.build.files;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Names selected files by all that a copy of them will have: paths, types, permissions, content,
 * link targets, device numbers, extended attributes, and owners where the tree has any. Not by
 * times: a time alone is no change.
 */
public final class SelectionDigest {
  private SelectionDigest() {}

  /** Is shown each selected entry, a directory before what is in it. */
  public interface Listing {
    /** Needs to know of none. */
    Listing NONE = (path, digest) -> {};

    /**
     * One entry.
     *
     * @param path relative to the tree's root
     * @param digest of all that a copy of it will have
     */
    void entry(String path, Digest digest);
  }

  /** The digest of all that was selected, in its order. */
  public static Digest of(
      SourceTree tree, List<Selected> selection, IgnoreFile excluded, FileDigests contents) {
    return of(tree, selection, excluded, contents, Listing.NONE);
  }

  /** The digest of all that was selected, in its order, with each entry shown. */
  public static Digest of(
      SourceTree tree,
      List<Selected> selection,
      IgnoreFile excluded,
      FileDigests contents,
      Listing listing) {
    MessageDigest whole = Digest.sha256Hasher();
    // one for all entries: there are many, and each is short
    MessageDigest each = Digest.sha256Hasher();
    for (Selected selected : selection) {
      whole.update(text(selected.directory() ? "directory" : "file " + selected.name()));
      if (selected.directory()) {
        whole.update(text(Integer.toOctalString(tree.stat(selected).permissions())));
      }
      tree.walk(
          selected,
          excluded,
          (path, directory, name, stat) -> {
            byte[] entry =
                each.digest(entry(tree, selected, path, directory, name, stat, contents));
            whole.update(text(path));
            whole.update(entry);
            listing.entry(full(selected.path(), path), Digest.sha256(entry));
          });
    }
    return Digest.sha256(whole.digest());
  }

  /** A digest of where selected things are, and of the folders that lead there. */
  public static Digest ofPlaces(SourceTree tree, List<Selected> selection) {
    MessageDigest whole = Digest.sha256Hasher();
    for (Selected selected : selection) {
      whole.update(text(selected.path()));
      for (Selected folder : tree.folders(selected)) {
        Stat stat = tree.stat(folder);
        whole.update(text(Integer.toOctalString(stat.permissions())));
        whole.update(text(tree.hasOwners() ? stat.uid() + ":" + stat.gid() : ""));
      }
    }
    return Digest.sha256(whole.digest());
  }

  private static String full(String selected, String path) {
    return selected.isEmpty() || path.isEmpty() ? selected + path : selected + "/" + path;
  }

  private static byte[] entry(
      SourceTree tree,
      Selected selected,
      String path,
      Directory directory,
      String name,
      Stat stat,
      FileDigests contents) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(128);
    all.writeBytes(text(stat.type() + " " + Integer.toOctalString(stat.permissions())));
    if (tree.hasOwners() && (stat.uid() != 0 || stat.gid() != 0)) {
      all.writeBytes(text(stat.uid() + ":" + stat.gid()));
    }
    switch (stat.type()) {
      case REGULAR ->
          all.writeBytes(
              text(
                  contents
                      .known(stat)
                      .orElseGet(() -> read(tree, selected, path, directory, name, stat, contents))
                      .hex()));
      case SYMLINK -> all.writeBytes(text(directory.readlink(name)));
      case CHARACTER_DEVICE, BLOCK_DEVICE -> all.writeBytes(text(device(stat)));
      case DIRECTORY, FIFO, SOCKET, UNKNOWN -> {
        // nothing but the type and the permissions
      }
    }
    if (!path.isEmpty() && stat.type() != FileType.SOCKET) {
      directory
          .xattrs(name)
          .forEach((attribute, value) -> {
            if (Attributes.isCopied(attribute)) {
              all.writeBytes(text(attribute));
              all.writeBytes(value);
            }
          });
    }
    return all.toByteArray();
  }

  private static Digest read(
      SourceTree tree,
      Selected selected,
      String path,
      Directory directory,
      String name,
      Stat stat,
      FileDigests contents) {
    try (OpenFile file = path.isEmpty() ? tree.open(selected) : directory.openForRead(name)) {
      return contents.of(file, stat);
    }
  }

  private static String device(Stat stat) {
    return stat.specialMajor() + ":" + stat.specialMinor();
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] length = (bytes.length + ":").getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(length, length.length + bytes.length);
    System.arraycopy(bytes, 0, both, length.length, bytes.length);
    return both;
  }
}
