package dev.kemas.synced.folder;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files that the client is still to be asked for, in the order of its listing. Only some are in
 * memory; the rest is read again from the draft of the index, so that a cold folder of a million
 * files takes no more than a small one. One thread.
 */
final class WantedFiles {
  private static final int MOST = 4096;

  /**
   * A file to ask for.
   *
   * @param id its number in the listing
   * @param entry as it was listed
   * @param at where the index has what came of it
   */
  record Wanted(long id, Entry entry, long at) {}

  private final Deque<Wanted> queue = new ArrayDeque<>();
  private IndexReader.@Nullable Mark further;

  /** Whether the next one is to be remembered by its place in the draft. */
  void add(Wanted wanted, IndexReader.Mark before) {
    if (further != null) {
      return;
    }
    if (queue.size() < MOST) {
      queue.add(wanted);
    } else {
      further = before;
    }
  }

  /** The next one, which is then forgotten here; empty when there is none now. */
  Optional<Wanted> next(IndexWriter draft) {
    IndexReader.Mark from = further;
    if (queue.isEmpty() && from != null) {
      refill(draft, from);
    }
    return Optional.ofNullable(queue.poll());
  }

  private void refill(IndexWriter draft, IndexReader.Mark from) {
    IndexReader reader = draft.read(from);
    further = null;
    while (reader.present()) {
      Item item = reader.item();
      if (item.entry().kind() == EntryKind.FILE && item.stored().state() == Item.State.AWAITED) {
        if (queue.size() == MOST) {
          further = reader.shown();
          return;
        }
        IndexReader.Mark mark = reader.shown();
        // the kind's byte comes first
        queue.add(new Wanted(mark.entries(), item.entry(), mark.offset() + 1));
      }
      reader.advance();
    }
  }

  /** Whether nothing is left to ask for. */
  boolean isEmpty() {
    return queue.isEmpty() && further == null;
  }
}
