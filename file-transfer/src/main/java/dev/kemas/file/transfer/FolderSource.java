package dev.kemas.file.transfer;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileNames;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder of this machine to send. Sockets and devices are left out. Nothing outside is read,
 * whatever its symbolic links say.
 */
public final class FolderSource implements FileSource, AutoCloseable {
  private static final int DEEPEST = 400;

  private static final SortedMap<String, byte[]> NO_XATTRS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /** Whose the files are told to be. */
  public enum Owners {
    /** As they are. */
    KEPT,
    /** Root's: who builds has nothing to do with what is built. */
    ROOT
  }

  /** What of a folder is sent. */
  public interface Selection {
    /** All of it. */
    Selection ALL =
        new Selection() {
          @Override
          public boolean takes(String path) {
            return true;
          }

          @Override
          public boolean enters(String directory) {
            return true;
          }
        };

    /** Whether an entry is sent; the directories above it then are, too. */
    boolean takes(String path);

    /** Whether anything in a directory may be sent. */
    boolean enters(String directory);
  }

  private final RootDir root;
  private final Selection selection;
  private final Owners owners;

  private record Inode(int major, int minor, long number) {}

  private final Map<Inode, String> linked = new HashMap<>();

  /**
   * @param folder must be there
   */
  public FolderSource(Path folder, Selection selection, Owners owners) {
    this.root = RootDir.open(folder);
    this.selection = selection;
    this.owners = owners;
  }

  @Override
  public void walk(Consumer<Entry> visitor) {
    linked.clear();
    walk(root.root(), "", new ArrayList<>(), visitor);
  }

  /**
   * @param above directories that are sent once something in them is
   */
  private void walk(Directory directory, String path, List<Entry> above, Consumer<Entry> visitor) {
    int depth = above.size();
    if (path.chars().filter(c -> c == '/').count() > DEEPEST) {
      throw new Fault.InvalidArgument(
          "folders are nested more than " + DEEPEST + " deep at " + path.substring(0, 100));
    }
    List<String> names = new ArrayList<>();
    directory.list().forEach(entry -> names.add(entry.name()));
    names.sort((a, b) -> Arrays.compareUnsigned(FileNames.encode(a), FileNames.encode(b)));
    for (String name : names) {
      String full = path.isEmpty() ? name : path + "/" + name;
      boolean taken = selection.takes(full);
      Stat stat = taken || selection.enters(full) ? directory.stat(name).orElse(null) : null;
      // what is gone since it was listed is not there
      if (stat == null || !isSent(stat.type())) {
        continue;
      }
      boolean isDirectory = stat.type() == FileType.DIRECTORY;
      if (taken) {
        above.forEach(visitor);
        above.clear();
        visitor.accept(entry(directory, name, full, stat));
      }
      if (isDirectory && selection.enters(full)) {
        if (!taken) {
          above.add(entry(directory, name, full, stat));
        }
        try (Directory child = directory.openDirectory(name)) {
          walk(child, full, above, visitor);
        }
      }
      while (above.size() > depth) {
        above.removeLast();
      }
    }
  }

  private static boolean isSent(FileType type) {
    return switch (type) {
      case REGULAR, DIRECTORY, SYMLINK, FIFO -> true;
      case CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET, UNKNOWN -> false;
    };
  }

  private Entry entry(Directory directory, String name, String path, Stat stat) {
    EntryKind kind =
        switch (stat.type()) {
          case DIRECTORY -> EntryKind.DIRECTORY;
          case SYMLINK -> EntryKind.SYMLINK;
          case FIFO -> EntryKind.FIFO;
          default -> EntryKind.FILE;
        };
    String target = kind == EntryKind.SYMLINK ? directory.readlink(name) : "";
    if (kind == EntryKind.FILE && stat.links() > 1) {
      Inode inode = new Inode(stat.deviceMajor(), stat.deviceMinor(), stat.inode());
      String first = linked.putIfAbsent(inode, path);
      if (first != null) {
        kind = EntryKind.HARD_LINK;
        target = first;
      }
    }
    boolean sized = kind == EntryKind.FILE || kind == EntryKind.SYMLINK;
    boolean kept = owners == Owners.KEPT;
    return new Entry(
        path,
        kind,
        stat.permissions(),
        kept ? stat.uid() : 0,
        kept ? stat.gid() : 0,
        sized ? stat.size() : 0,
        nanoseconds(stat.modified()),
        target,
        kind == EntryKind.SYMLINK ? NO_XATTRS : new TreeMap<>(directory.xattrs(name)));
  }

  private static long nanoseconds(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Override
  public OpenFile open(Entry file) {
    return root.openForRead(file.path());
  }

  @Override
  public void close() {
    root.close();
  }
}
