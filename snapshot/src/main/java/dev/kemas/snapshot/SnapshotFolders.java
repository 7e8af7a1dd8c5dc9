package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The folders of snapshots; see {@link OverlaySnapshotter} for their form. */
final class SnapshotFolders implements AutoCloseable {
  static final String FS = "fs";
  private static final String WORK = "work";
  private static final String META = "meta";
  private static final String NEW = "new-";
  private static final String GONE = "gone-";
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** The mode of a layer's root that no entry has set yet. */
  private static final int UNSET = 01000;

  private static final int USUAL = 0755;

  private final Path root;
  private final Directory directory;
  private @Nullable ExecutorService sweeper;

  private SnapshotFolders(Path root, Directory directory) {
    this.root = root;
    this.directory = directory;
  }

  static SnapshotFolders open(Path root) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + root + ": " + e.getMessage(), e);
    }
    return new SnapshotFolders(root, Directory.open(root));
  }

  /** Reads what is there; rubbish is deleted in the background. */
  List<SnapshotIndex.Entry> read() {
    List<SnapshotIndex.Entry> entries = new ArrayList<>();
    for (Directory.Entry entry : directory.list()) {
      if (NUMBER.matcher(entry.name()).matches()) {
        long number = Long.parseLong(entry.name());
        entries.add(new SnapshotIndex.Entry(readMeta(number), number));
      } else if (entry.type() == FileType.DIRECTORY) {
        sweep(entry.name());
      }
    }
    return entries;
  }

  Path fs(long number) {
    return root.resolve(Long.toString(number)).resolve(FS);
  }

  Path work(long number) {
    return root.resolve(Long.toString(number)).resolve(WORK);
  }

  Path startFill(long number) {
    String name = NEW + number;
    directory.mkdir(name, 0700);
    try (Directory folder = directory.openDirectory(name)) {
      folder.mkdir(FS, 0755);
      folder.chmod(FS, UNSET);
    }
    return root.resolve(name);
  }

  void commitFill(Path folder, long number, SnapshotInfo info, Optional<Path> below) {
    String name = folder.getFileName().toString();
    try (Directory opened = directory.openDirectory(name)) {
      Stat stat = opened.stat(FS).orElseThrow();
      if (stat.permissions() == UNSET) {
        inherit(opened, below);
      }
    }
    writeMeta(folder, info);
    directory.rename(name, directory, Long.toString(number), Directory.Rename.KEEP);
  }

  /** A root that nothing was said of looks as the one below it. */
  private static void inherit(Directory folder, Optional<Path> below) {
    if (below.isEmpty()) {
      folder.chmod(FS, USUAL);
      return;
    }
    Path parent = below.get().getParent();
    if (parent == null) {
      throw new Fault.Internal("no folder holds " + below.get());
    }
    try (Directory lower = Directory.open(parent)) {
      Stat stat = lower.stat(FS).orElseThrow();
      folder.chown(FS, stat.uid(), stat.gid());
      folder.chmod(FS, stat.permissions());
      folder.times(FS, stat.accessed(), stat.modified());
    }
  }

  void create(long number, SnapshotInfo info, Optional<Path> below) {
    String name = NEW + number;
    directory.mkdir(name, 0700);
    try (Directory folder = directory.openDirectory(name)) {
      folder.mkdir(FS, USUAL);
      inherit(folder, below);
      if (info.kind() == SnapshotInfo.Kind.ACTIVE) {
        folder.mkdir(WORK, 0700);
      }
    }
    writeMeta(root.resolve(name), info);
    directory.rename(name, directory, Long.toString(number), Directory.Rename.KEEP);
  }

  void commitActive(long number, SnapshotInfo info) {
    Path folder = root.resolve(Long.toString(number));
    writeMeta(folder, info);
    try (Directory opened = directory.openDirectory(Long.toString(number))) {
      if (opened.stat(WORK).isPresent()) {
        opened.removeTree(WORK);
      }
    }
  }

  void remove(long number) {
    String gone = GONE + number;
    directory.rename(Long.toString(number), directory, gone, Directory.Rename.KEEP);
    sweep(gone);
  }

  /** Drops a fill, if its folder is still there. */
  void drop(Path folder) {
    String name = folder.getFileName().toString();
    if (directory.stat(name).isPresent()) {
      String gone = GONE + name;
      directory.rename(name, directory, gone, Directory.Rename.KEEP);
      sweep(gone);
    }
  }

  private synchronized void sweep(String name) {
    if (sweeper == null) {
      sweeper =
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().daemon(true).name("snapshot-sweep").factory());
    }
    sweeper.execute(() -> directory.removeTree(name));
  }

  private static void writeMeta(Path folder, SnapshotInfo info) {
    String text =
        "name "
            + info.name()
            + "\nkind "
            + info.kind()
            + info.parent().map(p -> "\nparent " + p).orElse("")
            + "\ncreated "
            + info.createdAt().toEpochMilli()
            + "\n";
    try {
      Path fresh = folder.resolve(META + ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, folder.resolve(META), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Fault.Internal("cannot write the description of snapshot " + info.name(), e);
    }
  }

  private SnapshotInfo readMeta(long number) {
    Path file = root.resolve(Long.toString(number)).resolve(META);
    String name = "";
    String kind = "";
    Optional<SnapshotName> parent = Optional.empty();
    long created = 0;
    try {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        String value = line.substring(space + 1);
        switch (line.substring(0, Math.max(0, space))) {
          case "name" -> name = value;
          case "kind" -> kind = value;
          case "parent" -> parent = Optional.of(new SnapshotName(value));
          case "created" -> created = Long.parseLong(value);
          default -> throw new Fault.DataLoss(file + " has an unknown line: " + line);
        }
      }
      return new SnapshotInfo(
          new SnapshotName(name),
          SnapshotInfo.Kind.valueOf(kind),
          parent,
          Instant.ofEpochMilli(created));
    } catch (IOException | IllegalArgumentException e) {
      throw new Fault.DataLoss("cannot read the description of a snapshot: " + file, e);
    }
  }

  @Override
  public void close() {
    ExecutorService running;
    synchronized (this) {
      running = sweeper;
    }
    if (running != null) {
      running.shutdown();
      try {
        while (!running.awaitTermination(1, TimeUnit.MINUTES)) {
          // a large tree takes its time
        }
      } catch (InterruptedException e) {
        // what is left is deleted at the next opening
        Thread.currentThread().interrupt();
      }
    }
    directory.close();
  }
}
