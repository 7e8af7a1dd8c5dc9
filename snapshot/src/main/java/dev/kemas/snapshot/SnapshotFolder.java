package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that the snapshots are in: one folder a snapshot, its name a number, and a symbolic
 * link {@code record} in it that says what it is. A folder without a record, or called {@code
 * *.gone}, is left over and deleted. {@code docs/formats.md} describes it.
 *
 * <p>A symbolic link, because one system call makes it, whole or not at all, in the journal of the
 * file system too: neither a killed process nor a power failure leaves half a record.
 */
final class SnapshotFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFolder.class);

  static final String FS = "fs";
  static final String WORK = "work";
  static final String RECORD = "record";
  static final String NEXT_RECORD = "record.next";
  static final String UNSYNCED = "unsynced";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String GONE = ".gone";
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(\\.gone)?");

  /**
   * Behind the start of a container that follows a pull, and before the kernel's own 30 seconds.
   */
  private static final Duration SYNC_DELAY = Duration.ofSeconds(5);

  /** A stop of the engine does not wait longer for files that are to be deleted. */
  private static final long CLOSE_SECONDS = 2;

  private final Path path;
  private final Directory directory;
  private final Gate gate;
  private final AtomicLong lastId = new AtomicLong();
  private final Disposal disposal;
  private final LayerSync sync;
  private final String boot;

  private SnapshotFolder(Path path, Directory directory, Gate gate, String boot, Duration delay) {
    this.path = path;
    this.directory = directory;
    this.gate = gate;
    this.disposal = new Disposal(directory, gate);
    this.sync = new LayerSync(directory, gate, delay.toNanos());
    this.boot = boot;
  }

  /** Opens the folder, which is made if it is not there; others than root see nothing of it. */
  static SnapshotFolder open(Path path, Gate gate) {
    return open(path, gate, SYNC_DELAY);
  }

  static SnapshotFolder open(Path path, Gate gate, Duration syncDelay) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
      String boot = Files.readString(BOOT_ID).strip();
      return new SnapshotFolder(path, Directory.open(path), gate, boot, syncDelay);
    } catch (IOException e) {
      throw new Fault.Internal("cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads all records, and starts to delete what is left over. A layer that was not known to be on
   * the disk when the machine went down is left over too, with the layers upon it: they were made
   * later. Its image is unpacked again when it is needed.
   */
  List<Node> load() {
    Map<SnapshotName, Node> nodes = new LinkedHashMap<>();
    List<Node> lost = new ArrayList<>();
    for (Directory.Entry entry : directory.list()) {
      var name = FORM.matcher(entry.name());
      if (name.matches()) {
        long id = Long.parseLong(name.group(1));
        lastId.accumulateAndGet(id, Math::max);
        Optional<Node> node = name.group(2) == null ? read(nodes, lost, id) : Optional.empty();
        if (node.isEmpty()) {
          disposal.add(entry.name());
        }
      }
    }
    for (Node first : lost) {
      for (Node node : withLayersUpon(first, nodes)) {
        nodes.remove(node.name());
        LOG.warn(
            "layer {} may not have reached the disk before the machine went down: dropped",
            node.name());
        dispose(node.id());
      }
    }
    return List.copyOf(nodes.values());
  }

  /** Empty for a folder without a record. */
  private Optional<Node> read(Map<SnapshotName, Node> nodes, List<Node> lost, long id) {
    try (Directory slot = directory.openDirectory(Long.toString(id))) {
      if (!isLink(slot, RECORD)) {
        return Optional.empty();
      }
      Node node = Node.decode(id, slot.readlink(RECORD));
      Node other = nodes.put(node.name(), node);
      if (other != null) {
        throw new Fault.DataLoss(
            "the snapshot folders "
                + other.id()
                + " and "
                + id
                + " have the same name "
                + node.name()
                + "; move one of them away and start again");
      }
      if (node.kind() == SnapshotInfo.Kind.COMMITTED && isLink(slot, UNSYNCED)) {
        if (slot.readlink(UNSYNCED).equals(boot)) {
          sync.add(id);
        } else {
          lost.add(node);
        }
      }
      return Optional.of(node);
    }
  }

  private static boolean isLink(Directory in, String name) {
    return in.stat(name).map(Stat::type).filter(FileType.SYMLINK::equals).isPresent();
  }

  private static List<Node> withLayersUpon(Node lowest, Map<SnapshotName, Node> nodes) {
    List<Node> all = new ArrayList<>();
    if (nodes.containsKey(lowest.name())) {
      all.add(lowest);
    }
    for (int i = 0; i < all.size(); i++) {
      SnapshotName below = all.get(i).name();
      nodes.values().stream()
          .filter(n -> n.kind() == SnapshotInfo.Kind.COMMITTED)
          .filter(n -> n.info().parent().filter(below::equals).isPresent())
          .forEach(all::add);
    }
    return all;
  }

  Path path(long id) {
    return path.resolve(Long.toString(id));
  }

  /** What the folder of a layer takes beside the layer's files: itself and its record. */
  long ownBytes(long id) {
    try (Directory slot = directory.openDirectory(Long.toString(id))) {
      return (slot.stat().blocks() + slot.stat(RECORD).map(Stat::blocks).orElse(0L)) * 512;
    }
  }

  Path fs(long id) {
    return path(id).resolve(FS);
  }

  Path work(long id) {
    return path(id).resolve(WORK);
  }

  /** Makes an empty slot with a new number. */
  Slot make() {
    long id = lastId.incrementAndGet();
    gate.pass("mkdir slot");
    directory.mkdir(Long.toString(id), 0700);
    return slot(id);
  }

  /** Opens the folder of a snapshot. */
  Slot slot(long id) {
    return new Slot(id, directory.openDirectory(Long.toString(id)), boot, gate);
  }

  /** A marked layer was committed: it goes to the disk in the background. */
  void committed(long id) {
    sync.add(id);
  }

  /** Brings to the disk what {@link #committed} left to the background. */
  void sync() {
    sync.now();
  }

  /** Waits for what {@link #dispose} left to the background. */
  void awaitRemovals() {
    disposal.await();
  }

  /** The snapshot is gone from here on; its files follow in the background. */
  void dispose(long id) {
    gate.pass("rename to gone");
    directory.rename(Long.toString(id), directory, id + GONE, Directory.Rename.KEEP);
    disposal.add(id + GONE);
  }

  @Override
  public void close() {
    sync.close();
    if (disposal.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      directory.close();
    }
  }
}
