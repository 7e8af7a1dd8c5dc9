package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The folder that the snapshots are in: one folder a snapshot, its name a number, and a symbolic
 * link {@code record} in it that says what it is. A folder without a record, or called {@code
 * *.gone}, is left over and deleted. {@code docs/formats.md} describes it.
 *
 * <p>A symbolic link, because one system call makes it, whole or not at all, in the journal of the
 * file system too: neither a killed process nor a power failure leaves half a record.
 */
final class SnapshotFolder implements AutoCloseable {
  static final String FS = "fs";
  static final String WORK = "work";
  static final String RECORD = "record";
  static final String NEXT_RECORD = "record.next";
  private static final String GONE = ".gone";
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(\\.gone)?");

  /** A stop of the engine does not wait longer for files that are to be deleted. */
  private static final long CLOSE_SECONDS = 2;

  private final Path path;
  private final Directory directory;
  private final Gate gate;
  private final AtomicLong lastId = new AtomicLong();
  private final Disposal disposal;

  private SnapshotFolder(Path path, Directory directory, Gate gate) {
    this.path = path;
    this.directory = directory;
    this.gate = gate;
    this.disposal = new Disposal(directory, gate);
  }

  /** Opens the folder, which is made if it is not there; others than root see nothing of it. */
  static SnapshotFolder open(Path path, Gate gate) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + path + ": " + e.getMessage(), e);
    }
    return new SnapshotFolder(path, Directory.open(path), gate);
  }

  /** Reads all records, and starts to delete what is left over. */
  List<Node> load() {
    List<Node> nodes = new ArrayList<>();
    for (Directory.Entry entry : directory.list()) {
      var name = FORM.matcher(entry.name());
      if (name.matches()) {
        long id = Long.parseLong(name.group(1));
        lastId.accumulateAndGet(id, Math::max);
        Optional<Node> node = name.group(2) == null ? read(id) : Optional.empty();
        node.ifPresentOrElse(nodes::add, () -> disposal.add(entry.name()));
      }
    }
    return nodes;
  }

  private Optional<Node> read(long id) {
    try (Directory slot = directory.openDirectory(Long.toString(id))) {
      if (slot.stat(RECORD).map(Stat::type).filter(FileType.SYMLINK::equals).isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(Node.decode(id, slot.readlink(RECORD)));
    }
  }

  Path fs(long id) {
    return path.resolve(Long.toString(id)).resolve(FS);
  }

  Path work(long id) {
    return path.resolve(Long.toString(id)).resolve(WORK);
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
    return new Slot(id, directory.openDirectory(Long.toString(id)), gate);
  }

  /** The snapshot is gone from here on; its files follow in the background. */
  void dispose(long id) {
    gate.pass("rename to gone");
    directory.rename(Long.toString(id), directory, id + GONE, Directory.Rename.KEEP);
    disposal.add(id + GONE);
  }

  @Override
  public void close() {
    if (disposal.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      directory.close();
    }
  }
}
