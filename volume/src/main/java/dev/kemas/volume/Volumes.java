package dev.kemas.volume;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Mount;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.TreeUsage;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of one engine. Reading takes no lock; changes of one volume happen in turn, of
 * several side by side. A crash at any point loses no content: a volume's folder is made before its
 * record and taken away by one rename; {@link #open} finishes what was begun and takes folders that
 * have no record as volumes, as Docker does.
 */
public final class Volumes {
  private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
  private static final String REMOVED = ".removed-";

  private final Path root;
  private final Mounter mounter;
  private final VolumeListener listener;
  private final Records<Volume> records;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  private Volumes(Path root, RecordStore store, Mounter mounter, VolumeListener listener) {
    this.root = root;
    this.mounter = mounter;
    this.listener = listener;
    this.records = store.records("volume", Volume.class);
  }

  /**
   * Opens the volumes below a folder, which is made if it is not there.
   *
   * @param root {@code <data-root>/volumes}
   * @param mounter mounts the volumes that have options
   */
  public static Volumes open(
      Path root, RecordStore store, Mounter mounter, VolumeListener listener) {
    try (RootDir all = RootDir.open(Path.of("/"))) {
      all.mkdirs(root.toAbsolutePath().toString(), 0701);
    }
    Volumes volumes = new Volumes(root.toAbsolutePath(), store, mounter, listener);
    volumes.repair();
    return volumes;
  }

  private void repair() {
    try (Directory all = Directory.open(root)) {
      for (Directory.Entry entry : all.list()) {
        String name = entry.name();
        if (name.startsWith(REMOVED)) {
          all.removeTree(name);
        } else {
          folder(name).make();
          folder(name).repair();
          if (records.get(name).isEmpty()) {
            LOG.info("volume {} had no record; taken up again", name);
            records.put(name, Volume.of(name, folder(name).data(), Map.of(), Map.of()));
          }
        }
      }
      for (Volume volume : records.all()) {
        if (all.stat(volume.name()).isEmpty()) {
          LOG.info("volume {} has no folder any more; forgotten", volume.name());
          records.remove(volume.name());
        }
      }
    }
  }

  /**
   * Makes a volume, or returns the one of that name as it is.
   *
   * @param name empty for an anonymous one, which gets 64 hexadecimal digits
   * @param driver empty or {@code local}
   * @throws Fault.InvalidArgument for a bad name or option, with Docker's text
   * @throws Fault.NotFound for an unknown driver
   */
  public Volume create(
      String name, String driver, Map<String, String> options, Map<String, String> labels) {
    if (name.isEmpty()) {
      return createAnonymous(newName(), driver, options, labels);
    }
    VolumeName.require(name);
    if (!driver.isEmpty() && !driver.equals(Volume.DRIVER)) {
      throw new Fault.NotFound(
          "plugin",
          driver,
          "create "
              + name
              + ": error looking up volume plugin "
              + driver
              + ": plugin \""
              + driver
              + "\" not found");
    }
    LocalOptions.require(name, options);
    return locked(
        name,
        () -> {
          Optional<Volume> known = records.get(name);
          if (known.isPresent()) {
            return known.get();
          }
          VolumeFolder folder = folder(name);
          folder.make();
          Volume made = Volume.of(name, folder.data(), labels, options);
          records.put(name, made);
          listener.happened("create", made);
          return made;
        });
  }

  /** A name for an anonymous volume, for who must write it down before {@link #createAnonymous}. */
  public static String newName() {
    return VolumeName.random();
  }

  /** Makes an anonymous volume under a name of {@link #newName}. */
  public Volume createAnonymous(
      String name, String driver, Map<String, String> options, Map<String, String> labels) {
    Map<String, String> all = new TreeMap<>(labels);
    all.put(Volume.ANONYMOUS_LABEL, "");
    return create(name, driver, options, all);
  }

  /**
   * A volume.
   *
   * @throws Fault.NotFound {@code get NAME: no such volume}
   */
  public Volume get(String name) {
    return records.get(name).orElseThrow(() -> unknown(name));
  }

  private static Fault.NotFound unknown(String name) {
    return new Fault.NotFound("volume", name, "get " + name + ": no such volume");
  }

  /** All volumes, in the order of their names. */
  public List<Volume> list() {
    return records.all();
  }

  /** The volumes that no container has among its mounts. */
  public List<Volume> dangling(VolumeUse use) {
    return records.all().stream().filter(v -> use.usersOf(v.name()).isEmpty()).toList();
  }

  /**
   * Removes a volume with all its content.
   *
   * @throws Fault.NotFound when there is none of that name
   * @throws Fault.Conflict {@code remove NAME: volume is in use - [ids]}
   */
  public void remove(String name, VolumeUse use) {
    locked(
        name,
        () -> {
          Volume volume = get(name);
          List<String> users = use.usersOf(name);
          if (!users.isEmpty()) {
            throw new Fault.Conflict(
                "remove " + name + ": volume is in use - [" + String.join(", ", users) + "]");
          }
          delete(volume);
          listener.happened("destroy", volume);
          return volume;
        });
  }

  private void delete(Volume volume) {
    release(volume);
    String gone = REMOVED + VolumeName.random().substring(0, 16);
    try (Directory all = Directory.open(root)) {
      all.rename(volume.name(), all, gone, Directory.Rename.KEEP);
      records.remove(volume.name());
      all.removeTree(gone);
    }
  }

  /**
   * What a prune removed.
   *
   * @param names in order
   * @param bytes freed
   */
  public record Pruned(List<String> names, long bytes) {
    public Pruned {
      names = List.copyOf(names);
    }
  }

  /** Removes the volumes that nobody uses and the predicate takes. */
  public Pruned prune(Predicate<Volume> which, VolumeUse use) {
    List<String> names = new ArrayList<>();
    long bytes = 0;
    for (Volume volume : dangling(use)) {
      if (which.test(volume)) {
        long size = usage(volume.name());
        try {
          remove(volume.name(), use);
          names.add(volume.name());
          bytes += size;
        } catch (Fault.Conflict | Fault.NotFound e) {
          LOG.debug("volume {} was not pruned: {}", volume.name(), e.getMessage());
        }
      }
    }
    return new Pruned(names, bytes);
  }

  /**
   * The folder to bind into a container; for a volume with options, mounted first if it is not.
   *
   * @throws Fault.NotFound when there is none of that name
   * @throws Fault.Internal {@code failed to mount local volume: ...} when the kernel refuses it
   */
  public Path mountpoint(String name) {
    Volume volume = get(name);
    Optional<Mount> mount = LocalOptions.mount(volume);
    if (mount.isPresent()) {
      locked(
          name,
          () -> {
            if (!MountTable.isMountPoint(volume.mountpoint())) {
              try {
                mounter.mount(mount.get(), volume.mountpoint());
              } catch (Fault e) {
                throw new Fault.Internal(
                    "error while mounting volume '"
                        + volume.mountpoint()
                        + "': failed to mount local volume: "
                        + e.getMessage(),
                    e);
              }
            }
            return name;
          });
    }
    return volume.mountpoint();
  }

  /** Unmounts what {@link #mountpoint} mounted; for when no container of the volume runs. */
  public void release(String name) {
    records
        .get(name)
        .filter(v -> !v.options().isEmpty())
        .ifPresent(volume -> locked(name, () -> release(volume)));
  }

  private boolean release(Volume volume) {
    boolean was = false;
    while (!volume.options().isEmpty()
        && MountTable.isMountPoint(volume.mountpoint())
        && mounter.unmount(volume.mountpoint())) {
      was = true;
    }
    return was;
  }

  /**
   * Copies what an image has at a path into the volume if that is empty, owner and mode of the
   * folder included. Safe against a crash: a volume is never found half filled.
   *
   * @param image root of the image's file system, read beneath it only
   * @return whether anything was taken over
   * @throws Fault.InvalidArgument when the image has a file there
   */
  public boolean fill(String name, RootDir image, String path) {
    Path mounted = mountpoint(name);
    return locked(name, () -> folder(name).fill(image, path, MountTable.isMountPoint(mounted)));
  }

  /**
   * Bytes that a volume takes on the disk, by a walk over its files; what is mounted there lies
   * elsewhere and does not count.
   *
   * @throws Fault.NotFound when there is none of that name
   */
  public long usage(String name) {
    get(name);
    return TreeUsage.of(root.resolve(name)).bytes();
  }

  private VolumeFolder folder(String name) {
    return new VolumeFolder(root.resolve(name));
  }

  private <T> T locked(String name, Supplier<T> work) {
    ReentrantLock lock = locks.computeIfAbsent(name, n -> new ReentrantLock());
    lock.lock();
    while (!lock.equals(locks.get(name))) {
      // its last holder let go of it between our finding it and our taking it
      lock.unlock();
      lock = locks.computeIfAbsent(name, n -> new ReentrantLock());
      lock.lock();
    }
    try {
      return work.get();
    } finally {
      if (!lock.hasQueuedThreads()) {
        locks.remove(name, lock);
      }
      lock.unlock();
    }
  }
}
