package dev.kemas.cgroup;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One cgroup: its folder in each hierarchy. Made by {@link Cgroups}. The folders need not exist;
 * what is read from one that does not is empty.
 */
public final class Cgroup {
  private final Map<String, Path> version1;
  private final Optional<Path> unified;
  private final boolean unifiedOnly;

  Cgroup(Map<String, Path> version1, Optional<Path> unified, boolean unifiedOnly) {
    this.version1 = Map.copyOf(version1);
    this.unified = unified;
    this.unifiedOnly = unifiedOnly;
  }

  /** The folder where a controller's files are, if there is one. */
  public Optional<Path> folder(String controller) {
    Path folder = version1.get(controller);
    return folder == null ? unified : Optional.of(folder);
  }

  /** Its folder in the version 2 tree. */
  public Optional<Path> unified() {
    return unified;
  }

  /** Its folders, each once. */
  public Collection<Path> folders() {
    Set<Path> all = new LinkedHashSet<>(version1.values());
    unified.ifPresent(all::add);
    return all;
  }

  /** Whether it exists in any hierarchy. */
  public boolean exists() {
    return folders().stream().anyMatch(Files::isDirectory);
  }

  /**
   * Makes it in every hierarchy where it is missing. With version 2, the controllers that the
   * parent has are handed down.
   */
  public void create() {
    for (Path folder : folders()) {
      make(folder);
    }
  }

  private void make(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
      if (unifiedOnly) {
        List<String> down =
            Cgroups.words(Cgroups.readOrEmpty(parent.resolve("cgroup.controllers"))).stream()
                .map(c -> "+" + c)
                .toList();
        write(parent.resolve("cgroup.subtree_control"), String.join(" ", down));
      }
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make the cgroup " + folder + ": " + e.getMessage(), e);
    }
    inheritCpuset(folder);
  }

  /** A new cpuset of version 1 has no processors, and nothing may enter it (cpuset(7)). */
  private void inheritCpuset(Path folder) {
    Path parent = folder.getParent();
    if (parent == null || !folder.equals(version1.get("cpuset"))) {
      return;
    }
    for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
      if (Cgroups.readOrEmpty(folder.resolve(file)).isBlank()) {
        write(folder.resolve(file), Cgroups.readOrEmpty(parent.resolve(file)).strip());
      }
    }
  }

  /** Moves a process with its threads into it, in every hierarchy. */
  public void add(int pid) {
    for (Path folder : folders()) {
      write(folder.resolve("cgroup.procs"), "" + pid);
    }
  }

  /**
   * Sets a control file of a controller, e.g. {@code memory}, {@code memory.limit_in_bytes}.
   *
   * @throws Fault.Unsupported when the machine has no such controller
   * @throws Fault.InvalidArgument when the kernel refuses the value
   */
  public void set(String controller, String file, String value) {
    Path folder =
        folder(controller)
            .orElseThrow(
                () -> new Fault.Unsupported("this machine has no cgroup controller " + controller));
    write(folder.resolve(file), value);
  }

  private static void write(Path file, String value) {
    try {
      Files.writeString(file, value);
    } catch (NoSuchFileException e) {
      throw new Fault.NotFound("cgroup", file.toString(), "no such cgroup file: " + file, e);
    } catch (FileSystemException e) {
      throw new Fault.InvalidArgument(
          "cannot write \"" + value + "\" to " + file + ": " + e.getReason(), e);
    } catch (IOException e) {
      // a failed write says only the text of the error
      throw new Fault.InvalidArgument(
          "cannot write \"" + value + "\" to " + file + ": " + e.getMessage(), e);
    }
  }

  /** All processes in it and below, by number; those of threads are not told. */
  public Set<Integer> processes() {
    Set<Integer> all = new TreeSet<>();
    processFolder().ifPresent(folder -> collect(folder, all));
    return all;
  }

  /** The hierarchy that tells best: all have the same processes, but version 2 beside version 1. */
  private Optional<Path> processFolder() {
    for (String controller : List.of("pids", "freezer", "devices", "memory")) {
      Path folder = version1.get(controller);
      if (folder != null) {
        return Optional.of(folder);
      }
    }
    return unified.or(() -> version1.values().stream().findFirst());
  }

  private static void collect(Path folder, Set<Integer> into) {
    for (String pid : Cgroups.words(Cgroups.readOrEmpty(folder.resolve("cgroup.procs")))) {
      into.add(Integer.valueOf(pid));
    }
    children(folder).forEach(child -> collect(child, into));
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      // it went away while it was being looked at
      return List.of();
    }
  }

  /** Whether its processes are frozen, or about to be (cgroups(7), freezer). */
  public boolean isFrozen() {
    Path freezer = version1.get("freezer");
    if (freezer != null) {
      String state = Cgroups.readOrEmpty(freezer.resolve("freezer.state")).strip();
      return state.equals("FROZEN") || state.equals("FREEZING");
    }
    return unified
        .map(f -> Cgroups.readOrEmpty(f.resolve("cgroup.freeze")).strip().equals("1"))
        .orElse(false);
  }

  /** What it has used. */
  public CgroupStats stats() {
    return CgroupReader.read(this, version1);
  }

  /**
   * Removes it with what is below it, waiting for processes that are just ending.
   *
   * @throws Fault.Conflict when processes are still in it after this time, naming them
   */
  public void remove(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    List<Path> busy = new ArrayList<>(folders());
    while (true) {
      busy.removeIf(Cgroup::removed);
      if (busy.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new Fault.Conflict(
            "cannot remove the cgroup "
                + busy.getFirst()
                + ": processes "
                + processes()
                + " are still in it");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean removed(Path folder) {
    children(folder).forEach(Cgroup::removed);
    try {
      Files.deleteIfExists(folder);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (IOException e) {
      // EBUSY while a process is in it
      return !Files.isDirectory(folder);
    }
  }

  @Override
  public String toString() {
    return folders().toString();
  }
}
