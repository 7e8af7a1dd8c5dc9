package dev.kemas.archive;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Removals from a folder that holds the layers below already. */
final class PlainWhiteouts implements Whiteouts {
  /** What this layer brought, and the directories above it. */
  private final Set<String> brought = new HashSet<>();

  @Override
  public void placed(EntryName entry) {
    String path = entry.path();
    while (brought.add(path)) {
      int slash = path.lastIndexOf('/');
      if (slash < 0) {
        return;
      }
      path = path.substring(0, slash);
    }
  }

  @Override
  public void opaque(EntryName entry, Cursor cursor) {
    removeAllIn(cursor.enter(entry), entry.parent(), cursor);
  }

  @Override
  public void remove(EntryName entry, Cursor cursor) {
    remove(cursor.enter(entry), entry.path(), entry.last(), cursor);
  }

  private void remove(Directory in, String path, String name, Cursor cursor) {
    Optional<Stat> found = in.stat(name);
    if (found.isEmpty()) {
      return;
    }
    if (!brought.contains(path)) {
      in.removeTree(name);
      cursor.forget(path);
    } else if (found.get().type() == FileType.DIRECTORY) {
      try (Directory directory = in.openDirectory(name)) {
        removeAllIn(directory, path, cursor);
      }
    }
  }

  private void removeAllIn(Directory directory, String path, Cursor cursor) {
    for (Directory.Entry child : directory.list()) {
      remove(
          directory,
          path.isEmpty() ? child.name() : path + "/" + child.name(),
          child.name(),
          cursor);
    }
  }
}
