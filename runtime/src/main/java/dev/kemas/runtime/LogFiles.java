package dev.kemas.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a container's log in the order they were written, while rotation gives them other
 * names and drops the oldest. A file is known by its inode: one that has been read is never handed
 * out again, and none is passed over, however many rotations a slow reader sleeps through.
 */
final class LogFiles {
  private static final int MOST_FILES = 1000;
  private static final int TRIES = 100;

  private final Bundle bundle;
  private final Set<Object> done = new HashSet<>();

  LogFiles(Bundle bundle) {
    this.bundle = bundle;
  }

  /** An open file of the log, and what it is known by. */
  record Open(FileChannel channel, Object key) {}

  private record Seen(Path path, Object key) {}

  /** Opens the oldest file that was not handed out yet; empty when there is none (yet). */
  Optional<Open> next() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Optional<Seen> oldest = scan().stream().filter(s -> !done.contains(s.key())).findFirst();
      if (oldest.isEmpty()) {
        return Optional.empty();
      }
      Seen wanted = oldest.get();
      FileChannel channel;
      try {
        channel = FileChannel.open(wanted.path());
      } catch (NoSuchFileException renamed) {
        continue;
      }
      // renamed between the look and the open: what was opened may be another one
      if (key(wanted.path()).equals(Optional.of(wanted.key()))) {
        done.add(wanted.key());
        return Optional.of(new Open(channel, wanted.key()));
      }
      channel.close();
    }
    return Optional.empty();
  }

  /** Whether conmon writes into another file than this one by now. */
  boolean isPutAside(Open open) throws IOException {
    Optional<Object> current = key(bundle.log());
    return current.isPresent() && !current.get().equals(open.key());
  }

  /** Looks until two looks say the same: rotation moves the names one by one. */
  private List<Seen> scan() throws IOException {
    List<Seen> before = look();
    for (int i = 0; i < TRIES; i++) {
      List<Seen> after = look();
      if (after.equals(before)) {
        return after;
      }
      before = after;
    }
    return before;
  }

  private List<Seen> look() throws IOException {
    List<Seen> files = new ArrayList<>();
    // the newest is missing for a moment while conmon opens it again
    for (int age = 0; age < MOST_FILES; age++) {
      Path path = bundle.log(age);
      Optional<Object> key = key(path);
      if (key.isPresent()) {
        files.addFirst(new Seen(path, key.get()));
      } else if (age > 0) {
        break;
      }
      if (age == 0) {
        // conmon has begun a new file by itself, and the old one is not put aside yet
        key(bundle.keptLog())
            .filter(k -> key.filter(k::equals).isEmpty())
            .ifPresent(k -> files.addFirst(new Seen(bundle.keptLog(), k)));
      }
    }
    return files;
  }

  /** What a file is known by whatever its name; empty if there is none. */
  static Optional<Object> key(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }
}
