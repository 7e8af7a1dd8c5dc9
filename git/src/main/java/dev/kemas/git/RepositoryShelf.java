package dev.kemas.git;

import dev.kemas.fault.Fault;
import dev.kemas.git.GitProgram.Call;
import dev.kemas.git.GitProgram.Failed;
import dev.kemas.linux.Directory;
import dev.kemas.linux.TreeUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of bare repositories. Each has a lock: who uses it has it alone, and none is removed
 * while it is used. Safe for several threads.
 */
public final class RepositoryShelf {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryShelf.class);

  private final Path folder;
  private final GitProgram git;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  RepositoryShelf(Path folder, GitProgram git) {
    this.folder = folder;
    this.git = git;
  }

  /**
   * One repository.
   *
   * @param id names it for {@link #remove}
   * @param bytes on disk
   */
  public record Kept(String id, String remote, long bytes, Instant lastUsed) {}

  void with(String remote, Consumer<Path> work) {
    String id = Repositories.name(remote);
    ReentrantLock lock = locks.computeIfAbsent(id, none -> new ReentrantLock());
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      throw new Fault.Cancelled("interrupted while waiting for another fetch of " + remote);
    }
    try {
      work.accept(open(id, remote));
    } finally {
      lock.unlock();
    }
  }

  private Path open(String id, String remote) {
    Path bare = folder.resolve(id);
    try {
      if (!Files.exists(bare.resolve("remote"))) {
        // what is there is the half of one
        removeTree(id);
        git.run(Call.of("init", "--quiet", "--bare", "--template=", "--", bare.toString()));
        Files.writeString(bare.resolve("remote"), remote);
      }
      Path used = bare.resolve("used");
      if (!Files.exists(used)) {
        Files.createFile(used);
      }
      Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
      return bare;
    } catch (IOException e) {
      throw new Fault.Internal("cannot make %s: %s".formatted(bare, e.getMessage()), e);
    } catch (Failed e) {
      throw new Fault.Internal("cannot make a repository at %s: %s".formatted(bare, e.said()), e);
    }
  }

  /** All of them, the one that was used last at the end. */
  public List<Kept> list() {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path bare : children.filter(p -> Files.exists(p.resolve("remote"))).toList()) {
        Path used = bare.resolve("used");
        all.add(
            new Kept(
                String.valueOf(bare.getFileName()),
                Files.readString(bare.resolve("remote")),
                TreeUsage.of(bare).bytes(),
                Files.getLastModifiedTime(Files.exists(used) ? used : bare).toInstant()));
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot list %s: %s".formatted(folder, e.getMessage()), e);
    }
    all.sort(Comparator.comparing(Kept::lastUsed));
    return all;
  }

  /**
   * Removes those that are chosen and that nobody uses now.
   *
   * @return which were removed
   */
  public List<Kept> remove(Predicate<Kept> chosen) {
    List<Kept> removed = new ArrayList<>();
    for (Kept kept : list()) {
      ReentrantLock lock = locks.computeIfAbsent(kept.id(), none -> new ReentrantLock());
      if (chosen.test(kept) && lock.tryLock()) {
        try {
          removeTree(kept.id());
          LOG.info("removed what was kept of {}, {} bytes", kept.remote(), kept.bytes());
          removed.add(kept);
        } finally {
          lock.unlock();
        }
      }
    }
    return removed;
  }

  private void removeTree(String id) {
    if (Files.exists(folder.resolve(id))) {
      try (Directory all = Directory.open(folder)) {
        all.removeTree(id);
      }
    }
  }
}
