package dev.kemas.synced.folder;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.util.List;
import java.util.Optional;

/**
 * Makes index and files agree after a change that was broken off: what is not as the index says it
 * was left goes, from the files and from the index. One walk beside one reading of the index.
 */
final class Recovery {
  private final FolderTree tree;
  private final IndexReader old;
  private final IndexWriter draft;

  private Recovery(FolderTree tree, IndexReader old, IndexWriter draft) {
    this.tree = tree;
    this.old = old;
    this.draft = draft;
  }

  static void of(Slot slot) {
    slot.clearIncoming();
    try (FolderTree tree = slot.open();
        IndexReader old = IndexReader.open(slot.index());
        IndexWriter draft = new IndexWriter(slot.draft())) {
      new Recovery(tree, old, draft).directory("");
      for (IndexReader all = draft.read(IndexReader.Mark.BEGIN); all.present(); all.advance()) {
        if (all.item().entry().kind() == EntryKind.DIRECTORY) {
          tree.times(all.item().entry());
        }
      }
      draft.commit(slot.index(), slot.header.chosen());
      slot.header = new IndexFile.Header(slot.header.chosen(), draft.entries(), draft.bytes());
    }
    slot.mark(false);
  }

  private void directory(String path) {
    List<String> names;
    try (Directory directory = tree.root().openDirectory(path)) {
      names =
          directory.list().stream().map(Directory.Entry::name).sorted(PathOrder.INSTANCE).toList();
    }
    for (String name : names) {
      String full = path.isEmpty() ? name : path + "/" + name;
      while (old.present() && PathOrder.INSTANCE.compare(old.path(), full) < 0) {
        old.advance();
      }
      if (!old.present() || !old.path().equals(full) || !holds(old.item())) {
        tree.remove(full);
        continue;
      }
      Item item = old.item();
      draft.add(item);
      old.advance();
      if (item.entry().kind() == EntryKind.DIRECTORY) {
        tree.changeDirectory(item.entry());
        directory(full);
      }
    }
  }

  private boolean holds(Item item) {
    Entry entry = item.entry();
    Optional<Stat> found = tree.stat(entry.path());
    if (found.isEmpty()) {
      return false;
    }
    Stat stat = found.get();
    boolean sameTime = stat.modified().equals(FolderTree.time(entry.modified()));
    return switch (entry.kind()) {
      case DIRECTORY -> stat.type() == FileType.DIRECTORY;
      case FILE ->
          stat.type() == FileType.REGULAR
              && item.stored().state() != Item.State.AWAITED
              && stat.inode() == item.stored().inode()
              && stat.size() == item.stored().length()
              && sameTime;
      case HARD_LINK -> tree.isLinked(entry);
      case SYMLINK -> {
        RootDir.Place place = tree.root().at(entry.path());
        yield stat.type() == FileType.SYMLINK
            && sameTime
            && place.directory().readlink(place.name()).equals(entry.target());
      }
      case FIFO -> stat.type() == FileType.FIFO && sameTime;
    };
  }
}
