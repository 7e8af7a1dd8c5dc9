package dev.kemas.archive;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.util.Optional;

/** Removals as overlayfs reads them: a device 0/0, an attribute of the directory. */
final class OverlayWhiteouts implements Whiteouts {
  @Override
  public void placed(EntryName entry) {
    // what this layer brings hides what is below by itself
  }

  @Override
  public void opaque(EntryName entry, Cursor cursor) {
    cursor.enter(entry).self().setXattr(Cursor.OPAQUE, new byte[] {'y'});
  }

  @Override
  public void remove(EntryName entry, Cursor cursor) {
    Directory in = cursor.enter(entry);
    Optional<Stat> found = in.stat(entry.last());
    if (found.isEmpty()) {
      in.mknod(entry.last(), FileType.CHARACTER_DEVICE, 0, 0, 0);
    } else if (found.get().type() == FileType.DIRECTORY) {
      // brought by this layer: it replaces the one below instead of adding to it
      Cursor.makeOpaque(in, entry.last());
    }
  }
}
