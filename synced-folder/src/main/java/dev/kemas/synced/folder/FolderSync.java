package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's folder while it is listed and received: each entry by {@link #announce} in the order
 * of {@link PathOrder}, then {@link #announced}; between them and after it, what {@link #next}
 * names comes by {@link #receive} and {@link #received}, several files at a time. {@link #finish}
 * gives the folder out once all is there. Closed before that, what came is kept for another try.
 *
 * <p>An entry that is here already costs a comparison. Memory does not grow with the folder. One
 * thread.
 */
public final class FolderSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderSync.class);

  /** So many files are asked for at a time. */
  private static final int AT_ONCE = 256;

  /** More touched directories than this are not remembered one by one. */
  private static final int MOST_TOUCHED = 20_000;

  private static final int MOST_XATTRS = 200;
  private static final int LONGEST_XATTR = 1 << 16;

  private final SyncedFolders owner;
  private final FolderKey key;
  private final FolderLimits limits;
  private final OrderCheck order;
  private final WantedFiles wanted = new WantedFiles();
  private final Map<Long, Receiving> receiving = new HashMap<>();
  private final Deque<MessageDigest> hashers = new ArrayDeque<>();
  private final Set<String> touched = new HashSet<>();
  private Slot slot;
  private IndexReader old;
  private @Nullable FolderTree tree;
  private @Nullable Begun begun;
  private @Nullable IndexWriter draft;
  private boolean allTouched;
  private boolean links;
  private boolean listed;
  private boolean ended;
  private long entries;
  private long bytes;
  private long files;
  private long receivedBytes;

  /** A slot that others read: what stays the same is linked from it as it is listed. */
  private record Begun(Slot slot, FolderTree tree) {}

  private static final class Receiving {
    final WantedFiles.Wanted file;
    @Nullable IncomingFile content;

    Receiving(WantedFiles.Wanted file) {
      this.file = file;
    }
  }

  FolderSync(SyncedFolders owner, FolderKey key, FolderLimits limits, Slot slot) {
    this.owner = owner;
    this.key = key;
    this.limits = limits;
    this.slot = slot;
    this.order = new OrderCheck(limits.depth());
    this.old = IndexReader.open(slot.index());
  }

  /**
   * Takes the next entry of the client's listing.
   *
   * @throws Fault.InvalidArgument for an entry that must not be in a listing, or not here
   * @throws Fault.ResourceExhausted when the folder is larger than is allowed
   */
  public void announce(Entry entry) {
    slot.progress = System.nanoTime();
    check(entry);
    String path = entry.path();
    while (old.present() && PathOrder.INSTANCE.compare(old.path(), path) < 0) {
      removeOld();
    }
    boolean there = old.present() && old.path().equals(path);
    links |= entry.kind() == EntryKind.HARD_LINK;
    if (there && old.item().isSame(entry)) {
      if (draft != null) {
        keepInDraft(draft, entry);
      }
      touchIfMoved(entry);
      old.advance();
    } else {
      change(entry, there);
    }
    entries++;
  }

  /** A directory's own time changes with its entries: only that is new then. */
  private void keepInDraft(IndexWriter writer, Entry entry) {
    writer.add(new Item(entry, old.item().stored()));
    Begun from = begun;
    if (from != null) {
      tree().copy(from.tree(), entry);
    }
  }

  private void touchIfMoved(Entry entry) {
    if (entry.kind() == EntryKind.DIRECTORY && entry.modified() != old.item().entry().modified()) {
      if (draft == null) {
        keepInDraft(begin(), entry);
      }
      touch(entry.path());
    }
  }

  private void check(Entry entry) {
    if (listed || ended) {
      throw new IllegalStateException("the listing has ended");
    }
    order.next(entry);
    if (entry.size() < 0 || entry.xattrs().size() > MOST_XATTRS) {
      throw new Fault.InvalidArgument(
          "the client's listing of its folder is refused at " + Shown.of(entry.path()));
    }
    entry
        .xattrs()
        .forEach((name, value) -> {
          if (value.length > LONGEST_XATTR || name.length() > 255) {
            throw new Fault.InvalidArgument(
                "the client's listing of its folder is refused at "
                    + Shown.of(entry.path())
                    + ": an extended attribute is too long");
          }
        });
    if (entries >= limits.entries()) {
      throw new Fault.ResourceExhausted(
          "the client's folder has more than "
              + limits.entries()
              + " entries: leave some out by .dockerignore");
    }
    if (entry.kind() == EntryKind.FILE) {
      bytes += entry.size();
    }
    if (bytes > limits.bytes() || bytes < 0) {
      throw tooLarge(entry);
    }
  }

  private Fault tooLarge(Entry at) {
    return new Fault.ResourceExhausted(
        "the client's folder has more than "
            + limits.bytes()
            + " bytes, which "
            + Shown.of(at.path())
            + " exceeds: leave files out by .dockerignore");
  }

  private void change(Entry entry, boolean there) {
    IndexWriter writer = begin();
    FolderTree files = tree();
    touch(entry.parent());
    boolean wasDirectory = there && old.item().entry().kind() == EntryKind.DIRECTORY;
    boolean inTree = there && begun == null;
    boolean isDirectory = entry.kind() == EntryKind.DIRECTORY;
    IndexReader.Mark before = writer.mark();
    long at = writer.add(new Item(entry, Item.Stored.NONE));
    switch (entry.kind()) {
      case DIRECTORY -> {
        touch(entry.path());
        if (wasDirectory && inTree) {
          files.changeDirectory(entry);
        } else {
          if (inTree) {
            files.remove(entry.path());
          }
          files.directory(entry);
        }
      }
      case FILE -> {
        if (wasDirectory && inTree) {
          files.remove(entry.path());
        }
        wanted.add(new WantedFiles.Wanted(entries, entry, at), before);
      }
      case HARD_LINK, SYMLINK, FIFO -> {
        if (inTree) {
          files.remove(entry.path());
        }
        if (entry.kind() != EntryKind.HARD_LINK) {
          files.special(entry);
        }
      }
    }
    if (there) {
      skipOld(wasDirectory && !isDirectory);
    }
  }

  /** What the client has no more. */
  private void removeOld() {
    begin();
    Entry gone = old.item().entry();
    touch(gone.parent());
    if (begun == null) {
      tree().remove(gone.path());
    }
    skipOld(gone.kind() == EntryKind.DIRECTORY);
  }

  private void skipOld(boolean withAllIn) {
    String inside = old.path() + "/";
    old.advance();
    while (withAllIn && old.present() && old.path().startsWith(inside)) {
      old.advance();
    }
  }

  private void touch(String directory) {
    if (!directory.isEmpty() && !allTouched) {
      touched.add(directory);
      if (touched.size() > MOST_TOUCHED) {
        touched.clear();
        allTouched = true;
      }
    }
  }

  private FolderTree tree() {
    FolderTree open = tree;
    if (open == null) {
      throw new IllegalStateException("nothing is to be changed");
    }
    return open;
  }

  /** Before the first change: makes sure that nobody reads what will be changed. */
  private IndexWriter begin() {
    IndexWriter writer = draft;
    if (writer == null) {
      Slot before = slot;
      Slot own = owner.toChange(before, key);
      slot = own;
      if (own != before) {
        begun = new Begun(before, before.open());
        allTouched = true;
      }
      own.mark(true);
      tree = own.open();
      copyShown();
      writer = new IndexWriter(own.draft());
      writer.begin(old);
      draft = writer;
    }
    return writer;
  }

  /** Links what was the same so far. */
  private void copyShown() {
    Begun from = begun;
    if (from == null) {
      return;
    }
    try (IndexReader all = IndexReader.open(from.slot().index())) {
      for (long i = old.shown().entries(); i > 0; i--) {
        tree().copy(from.tree(), all.item().entry());
        all.advance();
      }
    }
  }

  private void leaveBegun() {
    Begun from = begun;
    if (from != null) {
      begun = null;
      from.tree().close();
      owner.release(from.slot());
    }
  }

  /** Takes the end of the client's listing. */
  public void announced() {
    while (old.present()) {
      removeOld();
    }
    listed = true;
  }

  /**
   * The number of the next file to ask the client for, counted in its listing from 0; empty when
   * there is none now, or enough are on their way.
   */
  public OptionalLong next() {
    IndexWriter writer = draft;
    if (writer == null || receiving.size() >= AT_ONCE) {
      return OptionalLong.empty();
    }
    Optional<WantedFiles.Wanted> file = wanted.next(writer);
    if (file.isEmpty()) {
      return OptionalLong.empty();
    }
    receiving.put(file.get().id(), new Receiving(file.get()));
    files++;
    return OptionalLong.of(file.get().id());
  }

  /**
   * Takes a part of a file.
   *
   * @param content left as it is
   * @throws Fault.InvalidArgument for a file that was not asked for
   */
  public void receive(long id, ByteBuffer content) {
    slot.progress = System.nanoTime();
    Receiving file = receiving(id);
    receivedBytes += content.remaining();
    if (receivedBytes > limits.bytes()) {
      throw tooLarge(file.file.entry());
    }
    content(file).write(content);
  }

  private IncomingFile content(Receiving file) {
    IncomingFile open = file.content;
    if (open == null) {
      MessageDigest idle = hashers.poll();
      MessageDigest hasher = idle == null ? Digest.sha256Hasher() : idle;
      open = new IncomingFile(tree().incoming(), "file-" + file.file.id(), hasher);
      file.content = open;
    }
    return open;
  }

  private Receiving receiving(long id) {
    Receiving file = receiving.get(id);
    if (file == null) {
      throw new Fault.InvalidArgument(
          "the client sends the file " + id + " of its folder, which it was not asked for");
    }
    return file;
  }

  /**
   * Takes the end of a file.
   *
   * @throws Fault.Conflict when nothing came of a file that has content: the client cannot read it
   */
  public void received(long id) {
    Receiving file = receiving(id);
    Entry entry = file.file.entry();
    try (IncomingFile content = content(file)) {
      if (content.length() == 0 && entry.size() > 0) {
        throw new Fault.Conflict(
            "the client has "
                + Shown.of(entry.path())
                + " with "
                + entry.size()
                + " bytes in its folder and sends nothing of it: make it readable, or leave it out"
                + " by .dockerignore");
      }
      IndexWriter writer = begin();
      writer.set(file.file.at(), content.place(tree(), entry));
      hashers.push(content.hasher());
    }
    receiving.remove(id);
  }

  /** Whether all is listed and all that was asked for is here. */
  public boolean complete() {
    return listed && receiving.isEmpty() && wanted.isEmpty();
  }

  /** Gives the folder out; the caller closes it. */
  public SyncedFolder finish() {
    if (!complete() || ended) {
      throw new IllegalStateException("not all of the folder is here");
    }
    SyncedFolder.Received received = new SyncedFolder.Received(entries, files, receivedBytes);
    IndexWriter writer = draft;
    if (writer != null) {
      attributes(writer);
      writer.commit(slot.index(), key.chosen());
      slot.mark(false);
      tree().close();
      owner.changed(slot, new IndexFile.Header(key.chosen(), writer.entries(), writer.bytes()));
    }
    old.close();
    ended = true;
    leaveBegun();
    return owner.lend(slot, received);
  }

  /** What can be right only when all files are there: hard links, then times of directories. */
  private void attributes(IndexWriter writer) {
    FolderTree files = tree();
    if (links) {
      for (IndexReader all = writer.read(IndexReader.Mark.BEGIN); all.present(); all.advance()) {
        Entry entry = all.item().entry();
        if (entry.kind() == EntryKind.HARD_LINK && files.link(entry)) {
          touch(entry.parent());
        }
      }
    }
    for (IndexReader all = writer.read(IndexReader.Mark.BEGIN); all.present(); all.advance()) {
      Entry entry = all.item().entry();
      if (entry.kind() == EntryKind.DIRECTORY && (allTouched || touched.contains(entry.path()))) {
        files.times(entry);
      }
    }
  }

  /** Ends it; before {@link #finish}, what came is kept for another try. */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    // an interruption ends what is received; it must not close the files that tell what came
    boolean interrupted = Thread.interrupted();
    try {
      end();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end() {
    if (old.isDamaged()) {
      owner.doubt(begun == null ? slot : begun.slot());
    }
    boolean changing = begun != null || tree != null;
    IndexWriter writer = draft;
    if (writer == null) {
      old.close();
      if (tree != null) {
        tree().close();
      }
      leaveBegun();
      if (changing) {
        owner.broken(slot);
      } else {
        owner.dropped(slot);
      }
      return;
    }
    try {
      keep(writer);
    } catch (Fault e) {
      LOG.warn("what came of the folder {} is not kept: {}", key.name(), e.getMessage());
    } finally {
      leaveBegun();
      owner.broken(slot);
    }
  }

  private void keep(IndexWriter writer) {
    receiving.values().stream()
        .map(file -> file.content)
        .filter(java.util.Objects::nonNull)
        .forEach(IncomingFile::close);
    try (writer;
        IndexReader rest = old;
        IndexWriter kept = new IndexWriter(slot.path.resolve("index.kept"))) {
      for (IndexReader all = writer.read(IndexReader.Mark.BEGIN); all.present(); all.advance()) {
        Item item = all.item();
        if (item.entry().kind() != EntryKind.FILE || item.stored().state() != Item.State.AWAITED) {
          kept.add(item);
        }
      }
      for (; begun == null && rest.present(); rest.advance()) {
        kept.add(rest.item());
      }
      kept.commit(slot.index(), slot.header.chosen());
    } finally {
      tree().close();
    }
  }
}
