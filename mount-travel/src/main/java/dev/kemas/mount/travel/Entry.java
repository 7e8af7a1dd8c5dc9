package dev.kemas.mount.travel;

import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Something in a mount. Other kinds, such as sockets and devices, do not travel. */
sealed interface Entry {

  /** Below the mount's root: clean, relative, valid UTF-8. */
  String path();

  /** Who owns it, by numbers. */
  Owner owner();

  /** An owner and a group; the kernel's unsigned numbers. */
  record Owner(int uid, int gid) {}

  /**
   * A folder. Its time changes with each file in it, so it does not travel.
   *
   * @param permissions without setuid
   */
  record Folder(String path, Owner owner, int permissions) implements Entry {}

  /** A symbolic link; what it says is of no meaning here. */
  record Link(String path, Owner owner, String target) implements Entry {}

  /**
   * A file. Names of the same file are files of their own, whose chunks are the same.
   *
   * @param permissions without setuid and setgid
   * @param digest of the whole content
   * @param pieces the content, in order
   * @param attributes extended ones of the name space {@code user}
   */
  record RegularFile(
      String path,
      Owner owner,
      int permissions,
      Instant modified,
      long size,
      Digest digest,
      List<Piece> pieces,
      Map<String, byte[]> attributes)
      implements Entry {
    public RegularFile {
      pieces = List.copyOf(pieces);
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * A part of a chunk.
   *
   * @param chunk by its place in the index
   * @param offset of the first byte in the plain chunk
   * @param length bytes, 1 at least
   */
  record Piece(int chunk, int offset, int length) {}
}
