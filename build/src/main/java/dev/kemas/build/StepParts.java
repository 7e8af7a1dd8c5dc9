package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.git.GitRules;
import dev.kemas.git.Repositories;
import dev.kemas.git.RepositoryShelf;
import dev.kemas.linux.Directory;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What steps take from besides file systems in layers, in the builder's folder: {@code runs/}, what
 * is lent to RUNs, which is of no worth in a later process; {@code caches/}, the folders of {@code
 * RUN --mount=type=cache}; {@code web/}, fetched files; {@code git/}, repositories. Safe for
 * several threads.
 */
public final class StepParts {
  /** Of fetched files, so many bytes are kept. */
  private static final long MOST_WEB = 4L << 30;

  private final Path folder;
  private final Mounter mounter;
  private final CacheMounts caches;
  private final CdiDevices devices;
  private final WebFiles web;
  private final WebShelf webFiles;
  private final GitRules gitRules;
  private Optional<Repositories> git = Optional.empty();

  private StepParts(
      Path folder, Mounter mounter, CacheMounts caches, WebShelf shelf, GitRules gitRules) {
    this.folder = folder;
    this.mounter = mounter;
    this.caches = caches;
    this.devices = CdiDevices.ofHost();
    this.web = new WebFiles(shelf, WebFiles.Rules.DEFAULT);
    this.webFiles = shelf;
    this.gitRules = gitRules;
  }

  /** Opens them. Removes what RUNs of a process that is no more had mounted. */
  public static StepParts open(Path folder, Mounter mounter, Clock clock) {
    return open(folder, mounter, clock, GitRules.DEFAULT);
  }

  static StepParts open(Path folder, Mounter mounter, Clock clock, GitRules gitRules) {
    Path runs = folder.resolve("runs");
    try {
      Files.createDirectories(runs);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make %s: %s".formatted(runs, e.getMessage()), e);
    }
    for (MountTable.Entry mount : MountTable.read().beneath(runs)) {
      mounter.unmount(mount.target());
    }
    try (Directory directory = Directory.open(runs)) {
      directory.list().forEach(entry -> directory.removeTree(entry.name()));
    }
    WebShelf shelf = new WebShelf(folder.resolve("web"));
    shelf.trim(MOST_WEB);
    return new StepParts(
        folder, mounter, CacheMounts.open(folder.resolve("caches"), clock), shelf, gitRules);
  }

  /** The folders of cache mounts. */
  public CacheMounts caches() {
    return caches;
  }

  /** The host's devices by their CDI names. */
  public CdiDevices devices() {
    return devices;
  }

  Mounter mounter() {
    return mounter;
  }

  Path runs() {
    return folder.resolve("runs");
  }

  WebFiles web() {
    return web;
  }

  /** The files that were fetched by http and https. */
  public WebShelf webFiles() {
    return webFiles;
  }

  /** What is kept of repositories; empty while no build had any. */
  public Optional<RepositoryShelf> repositories() {
    return Files.isDirectory(folder.resolve("git")) ? Optional.of(git().shelf()) : Optional.empty();
  }

  /**
   * The repositories.
   *
   * @throws Fault.Unsupported when there is no git on this host
   */
  public synchronized Repositories git() {
    Repositories opened = git.orElseGet(() -> new Repositories(folder.resolve("git"), gitRules));
    git = Optional.of(opened);
    return opened;
  }
}
