package dev.kemas.build;

import dev.kemas.dockerfile.Mount.Sharing;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.TreeUsage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folders of {@code RUN --mount=type=cache}: they last from build to build and are in no layer.
 * Safe for several threads; of one process.
 *
 * <p>On disk: {@code <name>/files}, the folder itself, and {@code <name>/record.json}, which is
 * written last and makes it one. What has no record is the half of one, and is removed when this is
 * opened, as is all else that lies beside these two.
 */
public final class CacheMounts {
  private static final int NAME_DIGITS = 24;
  private static final String FILES = "files";
  private static final String RECORD = "record.json";

  /**
   * What is written of a folder.
   *
   * @param id as the Dockerfile has it
   * @param base what it began with; empty for nothing
   * @param uses how many steps had it
   */
  record Written(String id, String base, Instant created, Instant lastUsed, long uses) {}

  /**
   * A folder as people see it.
   *
   * @param name of its own, for {@link #remove}
   * @param id as the Dockerfile has it; several may have one, by {@code sharing=private}
   * @param folder where its files are
   * @param bytes on disk
   * @param uses how many steps had it
   * @param inUse whether a step has it now
   */
  public record Usage(
      String name,
      String id,
      Path folder,
      long bytes,
      Instant created,
      Instant lastUsed,
      long uses,
      boolean inUse) {}

  /** A folder that a step has, until it is closed. */
  public interface Lease extends AutoCloseable {
    /** Where it is. */
    Path folder();

    /**
     * A folder of the same file system for work upon it; what is left there by a process that was
     * killed is removed by the next one.
     */
    Path beside();

    @Override
    void close();
  }

  private static final class Slot {
    int shared;
    boolean alone;

    boolean isFree() {
      return shared == 0 && !alone;
    }
  }

  private final Path root;
  private final Clock clock;
  private final Map<String, Slot> slots = new HashMap<>();

  private CacheMounts(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /** Opens the folders in a folder of their own. */
  public static CacheMounts open(Path root, Clock clock) {
    CacheMounts mounts = new CacheMounts(root, clock);
    try {
      Files.createDirectories(root);
      for (Path folder : mounts.folders()) {
        if (Files.exists(folder.resolve(RECORD))) {
          sweep(folder);
        } else {
          mounts.removeTree(String.valueOf(folder.getFileName()));
        }
      }
    } catch (IOException e) {
      throw failure(root, e);
    }
    return mounts;
  }

  private static void sweep(Path folder) {
    try (Directory directory = Directory.open(folder)) {
      directory.list().stream()
          .map(Directory.Entry::name)
          .filter(name -> !name.equals(FILES) && !name.equals(RECORD))
          .forEach(directory::removeTree);
    }
  }

  /** The name of a folder's first instance. */
  static String key(String id, Optional<Digest> base) {
    return Digest.of((id + "\n" + base).getBytes(StandardCharsets.UTF_8))
        .hex()
        .substring(0, NAME_DIGITS);
  }

  private static Fault.Internal failure(Path path, IOException cause) {
    return new Fault.Internal("cannot use %s: %s".formatted(path, cause.getMessage()), cause);
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      return all.sorted().toList();
    }
  }

  /**
   * Takes a folder for a step.
   *
   * @param id as the Dockerfile has it
   * @param base names what a new one begins with; folders that began otherwise are others
   * @param sharing {@code LOCKED} waits until nobody else has it; {@code PRIVATE} takes another one
   *     of that id when nobody has it, and makes one where there is none
   * @param fill makes a new one what it begins as
   * @throws Fault.Cancelled when the build is over before it is free
   */
  public Lease take(
      String id,
      Optional<Digest> base,
      Sharing sharing,
      Consumer<Path> fill,
      Cancellation cancelled) {
    return taken(
            id,
            base,
            sharing,
            name -> {
              make(name, id, base, fill);
              return true;
            },
            cancelled)
        .orElseThrow();
  }

  /**
   * Takes a folder that is there, as a step would, without it being a use of it.
   *
   * @return empty when there is none
   * @throws Fault.Cancelled when the build is over before it is free
   */
  public Optional<Lease> takeKnown(
      String id, Optional<Digest> base, Sharing sharing, Cancellation cancelled) {
    return taken(
        id, base, sharing, name -> Files.exists(root.resolve(name).resolve(RECORD)), cancelled);
  }

  private Optional<Lease> taken(
      String id,
      Optional<Digest> base,
      Sharing sharing,
      Predicate<String> wanted,
      Cancellation cancelled) {
    boolean alone = sharing != Sharing.SHARED;
    Cancellation.Registration registration = cancelled.onCancel(this::wake);
    try {
      String name = occupy(key(id, base), sharing, cancelled);
      boolean done = false;
      try {
        done = wanted.test(name);
        return done ? Optional.of(new Taken(name, alone)) : Optional.empty();
      } finally {
        if (!done) {
          free(name, alone);
        }
      }
    } finally {
      registration.close();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized String occupy(String key, Sharing sharing, Cancellation cancelled) {
    while (true) {
      cancelled.check();
      for (int i = 0; i == 0 || sharing == Sharing.PRIVATE; i++) {
        String name = i == 0 ? key : key + "-" + i;
        Slot slot = slots.computeIfAbsent(name, none -> new Slot());
        if (sharing == Sharing.SHARED ? !slot.alone : slot.isFree()) {
          if (sharing == Sharing.SHARED) {
            slot.shared++;
          } else {
            slot.alone = true;
          }
          return name;
        }
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw new Fault.Cancelled("interrupted while waiting for a cache that another build has");
      }
    }
  }

  private synchronized void free(String name, boolean alone) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new Fault.Internal("nobody has the cache " + name);
    }
    if (alone) {
      slot.alone = false;
    } else {
      slot.shared--;
    }
    notifyAll();
  }

  private synchronized void make(
      String name, String id, Optional<Digest> base, Consumer<Path> fill) {
    Path folder = root.resolve(name);
    Path record = folder.resolve(RECORD);
    try {
      Instant now = clock.instant();
      Written written;
      if (Files.exists(record)) {
        Written known = read(record);
        written = new Written(id, known.base(), known.created(), now, known.uses() + 1);
      } else {
        removeTree(name);
        Path files = Files.createDirectories(folder.resolve(FILES));
        fill.accept(files);
        written = new Written(id, base.map(Digest::toString).orElse(""), now, now, 1);
      }
      Path fresh = folder.resolve("record.new");
      Files.writeString(fresh, Json.text(written));
      Files.move(fresh, record, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static Written read(Path record) throws IOException {
    return Json.read(Files.readString(record), Written.class, "the record of a cache");
  }

  private final class Taken implements Lease {
    private final String name;
    private final boolean alone;
    private boolean closed;

    Taken(String name, boolean alone) {
      this.name = name;
      this.alone = alone;
    }

    @Override
    public Path folder() {
      return root.resolve(name).resolve(FILES);
    }

    @Override
    public Path beside() {
      return root.resolve(name);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        free(name, alone);
      }
    }
  }

  /** All of them, what was used longest ago first. Reads each folder through for its size. */
  public List<Usage> list() {
    List<Usage> all = new ArrayList<>();
    try {
      for (Path folder : folders()) {
        Path record = folder.resolve(RECORD);
        if (Files.exists(record)) {
          String name = String.valueOf(folder.getFileName());
          Written written = read(record);
          all.add(
              new Usage(
                  name,
                  written.id(),
                  folder.resolve(FILES),
                  TreeUsage.of(folder).bytes(),
                  written.created(),
                  written.lastUsed(),
                  written.uses(),
                  isInUse(name)));
        }
      }
    } catch (IOException e) {
      throw failure(root, e);
    }
    all.sort(Comparator.comparing(Usage::lastUsed));
    return all;
  }

  private synchronized boolean isInUse(String name) {
    Slot slot = slots.get(name);
    return slot != null && !slot.isFree();
  }

  /**
   * Removes those that are chosen and that no step has.
   *
   * @return which were removed
   */
  public List<Usage> remove(Predicate<Usage> chosen) {
    List<Usage> removed = new ArrayList<>();
    for (Usage usage : list()) {
      if (chosen.test(usage) && removeIfFree(usage.name())) {
        removed.add(usage);
      }
    }
    return removed;
  }

  private synchronized boolean removeIfFree(String name) {
    if (isInUse(name)) {
      return false;
    }
    removeTree(name);
    return true;
  }

  private void removeTree(String name) {
    if (Files.exists(root.resolve(name))) {
      try (Directory directory = Directory.open(root)) {
        directory.removeTree(name);
      }
    }
  }
}
