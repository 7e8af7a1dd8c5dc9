package dev.kemas.archive;

import dev.kemas.fault.Fault;

/**
 * What a layer's removals become (image-spec, layer.md, "Whiteouts"). A removal is about the layers
 * below: what this layer itself brings stays, in whatever order they come.
 */
sealed interface Whiteouts permits OverlayWhiteouts, PlainWhiteouts {
  String PREFIX = ".wh.";
  String META = ".wh..wh.";
  String OPAQUE = ".wh..wh..opq";

  /** Deals with the entry if it is a removal; false when it is an ordinary one. */
  default boolean handle(EntryName entry, Cursor cursor) {
    if (entry.isRoot() || !entry.last().startsWith(PREFIX)) {
      return false;
    }
    String name = entry.last();
    if (name.equals(OPAQUE)) {
      opaque(entry, cursor);
    } else if (!name.startsWith(META)) {
      // other names of that kind are AUFS's own and of no meaning to anybody else
      String removed = name.substring(PREFIX.length());
      if (removed.isEmpty() || removed.equals(".") || removed.equals("..")) {
        throw new Fault.InvalidArgument(
            "archive entry \"" + entry.path() + "\" removes no name; the archive is refused");
      }
      remove(entry.sibling(removed), cursor);
    }
    return true;
  }

  /** An ordinary entry of this layer is in place. */
  void placed(EntryName entry);

  /** What the layers below have in the entry's directory is not to be seen. */
  void opaque(EntryName entry, Cursor cursor);

  /** What the layers below have under this name is not to be seen. */
  void remove(EntryName entry, Cursor cursor);
}
