package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of clients' folders, in one folder on the disk that belongs to one process at a time.
 * A process that is killed leaves nothing wrong: what it was changing is compared with the index
 * before it is used again, and after a restart of the machine all travels anew. What nobody uses
 * goes by age and size whenever a copy is given back. Safe for several threads.
 */
public final class SyncedFolders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyncedFolders.class);
  private static final String REMOVED = "removed";
  private static final String COPIES = "copies";

  private final Path root;
  private final FolderLimits limits;
  private final Clock clock;
  private final Directory copies;
  private final Directory removed;
  private final AtomicLong numbers = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Slot> slots = new ArrayList<>();
  private final ExecutorService removals = Executors.newVirtualThreadPerTaskExecutor();

  private SyncedFolders(Path root, FolderLimits limits, Clock clock) {
    this.root = root;
    this.limits = limits;
    this.clock = clock;
    try (Directory folder = Directory.open(root)) {
      folder.removeTree(REMOVED);
      for (String name : List.of(COPIES, REMOVED)) {
        if (folder.stat(name).isEmpty()) {
          folder.mkdir(name, 0700);
        }
      }
      this.copies = folder.openDirectory(COPIES);
      this.removed = folder.openDirectory(REMOVED);
    }
  }

  /**
   * Opens what is kept in a folder, which must be there.
   *
   * @param clock tells when a copy was used
   */
  public static SyncedFolders open(Path root, FolderLimits limits, Clock clock) {
    SyncedFolders folders = new SyncedFolders(root, limits, clock);
    folders.copies.list().forEach(entry -> folders.load(entry.name()));
    return folders;
  }

  /** The name of a copy on the disk is that of its folder and a number. */
  private void load(String name) {
    Path path = root.resolve(COPIES).resolve(name);
    int dot = name.lastIndexOf('.');
    Optional<IndexFile.Header> header =
        dot < 0 ? Optional.empty() : IndexFile.header(path.resolve(Slot.INDEX));
    if (header.isEmpty()) {
      LOG.info("the copy {} of a client's folder is not kept: it was not whole", path);
      copies.removeTree(name);
      return;
    }
    numbers.accumulateAndGet(Long.parseLong(name.substring(dot + 1)), Math::max);
    Slot slot = new Slot(name.substring(0, dot), path, header.get(), used(path));
    slot.doubtful = Slot.isMarked(path);
    slots.add(slot);
  }

  private static Instant used(Path path) {
    try {
      return Files.getLastModifiedTime(path.resolve(Slot.INDEX)).toInstant();
    } catch (IOException e) {
      throw IndexFile.failed("look at", path, e);
    }
  }

  /**
   * Begins to receive a folder, with what is here of it. When another build receives the same one,
   * this waits for it as long as it makes progress: then there is little left to send.
   *
   * @throws Fault.Cancelled when the thread is interrupted
   */
  public FolderSync begin(FolderKey key) {
    Slot slot = take(key);
    try {
      return new FolderSync(this, key, limits, slot);
    } catch (Fault.DataLoss e) {
      LOG.warn("a copy of the folder {} is given up: {}", key.name(), e.getMessage());
      discard(slot);
      return begin(key);
    }
  }

  private Slot take(FolderKey key) {
    lock.lock();
    try {
      while (awaitWriter(key)) {
        // looks again
      }
      for (Optional<Slot> best = best(key); best.isPresent(); best = best(key)) {
        Slot slot = best.get();
        if (!slot.doubtful || recovers(slot)) {
          slot.readers++;
          return slot;
        }
      }
      return make(key);
    } finally {
      lock.unlock();
    }
  }

  /** With the lock: a rare and short thing that everybody may wait for. */
  private boolean recovers(Slot slot) {
    try {
      Recovery.of(slot);
      slot.doubtful = false;
      return true;
    } catch (Fault e) {
      LOG.warn("a copy of a client's folder is given up: {}", e.getMessage());
      remove(slot);
      return false;
    }
  }

  /** Waits for whoever changes a copy for the same selection; true when it has ended. */
  private boolean awaitWriter(FolderKey key) {
    Optional<Slot> busy =
        slots.stream()
            .filter(slot -> slot.writing && of(key).test(slot) && chosen(key).test(slot))
            .max(Comparator.comparingLong(slot -> slot.progress));
    if (busy.isEmpty()) {
      return false;
    }
    Slot slot = busy.get();
    try {
      while (slot.writing) {
        long left = slot.progress + limits.patience().toNanos() - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        // progress is not signalled: the time left is looked at again after a tenth of it
        changed.await(Math.max(left / 10, 1_000_000), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the wait for another build's folder was interrupted");
    }
  }

  private static Predicate<Slot> of(FolderKey key) {
    String folder = key.folder();
    return slot -> slot.folder.equals(folder);
  }

  private static Predicate<Slot> chosen(FolderKey key) {
    String chosen = key.chosen();
    return slot -> slot.header.chosen().equals(chosen);
  }

  private Optional<Slot> best(FolderKey key) {
    Predicate<Slot> same = chosen(key);
    Predicate<Slot> usable =
        of(key).and(slot -> !slot.writing && (!slot.doubtful || slot.readers == 0));
    Comparator<Slot> byUse = Comparator.comparing(slot -> slot.used);
    Optional<Slot> known = slots.stream().filter(usable.and(same)).max(byUse);
    // of others the one that most likely has what is wanted
    Comparator<Slot> bySize = Comparator.comparingLong(slot -> slot.header.entries());
    return known.or(() -> slots.stream().filter(usable).max(bySize.thenComparing(byUse)));
  }

  private Slot make(FolderKey key) {
    String folder = key.folder();
    Path path = root.resolve(COPIES).resolve(folder + "." + numbers.incrementAndGet());
    Slot.make(copies, path, key.chosen());
    Slot slot = new Slot(folder, path, new IndexFile.Header(key.chosen(), 0, 0), clock.instant());
    slot.writing = true;
    slots.add(slot);
    return slot;
  }

  /** The slot that a reader may change: its own if nobody else reads it, else a new, empty one. */
  Slot toChange(Slot slot, FolderKey key) {
    lock.lock();
    try {
      if (slot.writing) {
        return slot;
      }
      if (slot.readers == 1 && slot.header.chosen().equals(key.chosen())) {
        slot.readers = 0;
        slot.writing = true;
        slot.progress = System.nanoTime();
        return slot;
      }
      List<Slot> idle =
          slots.stream()
              .filter(of(key).and(Slot::idle))
              .sorted(Comparator.comparing(other -> other.used))
              .toList();
      long more = slots.stream().filter(of(key)).count() + 1 - limits.copies();
      idle.stream().limit(Math.max(0, more)).forEach(this::remove);
      return make(key);
    } finally {
      lock.unlock();
    }
  }

  /** A change is done; the writer reads on. */
  void changed(Slot slot, IndexFile.Header header) {
    lock.lock();
    try {
      slot.header = header;
      slot.writing = false;
      slot.readers = 1;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Its index is not what was written: whoever uses it next looks at it anew. */
  void doubt(Slot slot) {
    lock.lock();
    try {
      slot.doubtful = true;
    } finally {
      lock.unlock();
    }
  }

  /** A change was broken off. */
  void broken(Slot slot) {
    lock.lock();
    try {
      slot.doubtful = true;
      slot.writing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A comparison was broken off: nothing was changed. */
  void dropped(Slot slot) {
    lock.lock();
    try {
      if (slot.writing) {
        slot.writing = false;
        changed.signalAll();
      } else {
        slot.readers--;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hands a slot out that is read by the caller already. */
  SyncedFolder lend(Slot slot, SyncedFolder.Received received) {
    lock.lock();
    try {
      if (slot.writing) {
        // an empty folder that was empty before
        slot.writing = false;
        slot.readers = 1;
        changed.signalAll();
      }
      slot.used = clock.instant();
      Files.setLastModifiedTime(slot.index(), FileTime.from(slot.used));
    } catch (IOException e) {
      throw IndexFile.failed("date", slot.index(), e);
    } finally {
      lock.unlock();
    }
    return new SyncedFolder(this, slot, received);
  }

  /** Somebody reads a slot no more. */
  void release(Slot slot) {
    lock.lock();
    try {
      slot.readers--;
      if (slot.readers == 0) {
        prune(clock.instant().minus(limits.keptFor()), limits.keptBytes());
      }
    } finally {
      lock.unlock();
    }
  }

  private void discard(Slot slot) {
    lock.lock();
    try {
      slot.readers = 0;
      slot.writing = false;
      remove(slot);
    } finally {
      lock.unlock();
    }
  }

  private void remove(Slot slot) {
    String name = String.valueOf(slot.path.getFileName());
    copies.rename(name, removed, name, Directory.Rename.KEEP);
    slots.remove(slot);
    removals.execute(() -> removed.removeTree(name));
  }

  /** What is here. */
  public List<FolderUse> list() {
    lock.lock();
    try {
      return slots.stream().map(SyncedFolders::use).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes copies that nobody uses: those that were used last before a time, and then, the longest
   * unused first, until what is left takes no more than so many bytes.
   *
   * @return what was removed
   */
  public List<FolderUse> prune(Instant before, long bytes) {
    List<FolderUse> gone = new ArrayList<>();
    lock.lock();
    try {
      long total = slots.stream().mapToLong(slot -> slot.header.bytes()).sum();
      List<Slot> idle =
          slots.stream().filter(Slot::idle).sorted(Comparator.comparing(s -> s.used)).toList();
      for (Slot slot : idle) {
        if (slot.used.isBefore(before) || total > bytes) {
          total -= slot.header.bytes();
          gone.add(use(slot));
          remove(slot);
        }
      }
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /** Removes these copies, except those that are in use. */
  public void remove(Set<String> ids) {
    lock.lock();
    try {
      slots.stream()
          .filter(slot -> slot.idle() && ids.contains(use(slot).id()))
          .toList()
          .forEach(this::remove);
    } finally {
      lock.unlock();
    }
  }

  private static FolderUse use(Slot slot) {
    return new FolderUse(
        String.valueOf(slot.path.getFileName()),
        slot.header.entries(),
        slot.header.bytes(),
        slot.used,
        !slot.idle());
  }

  /** Closes what is open and waits for what is being removed; nothing may be in use. */
  @Override
  public void close() {
    removals.close();
    copies.close();
    removed.close();
  }
}
