package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hybrid cgroups: version 1 hierarchies beside a version 2 tree. crun refuses them while the
 * version 2 tree still has a controller. Such a leftover controller is bound by a version 1 mount
 * in our own folder; the kernel gives it back when the mount goes. The mount asks for {@code
 * favordynmods}, which keeps moves of processes into cgroups from waiting for all processors
 * (cgroups(7)).
 */
final class LeftoverControllers {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverControllers.class);
  private static final Path USUAL = Path.of("/sys/fs/cgroup");
  private static final Path UNIFIED = USUAL.resolve("unified/cgroup.controllers");

  /** The controllers of version 1 that version 2 has too (cgroups(7)). */
  private static final Set<String> VERSION_2 =
      Set.of("cpuset", "cpu", "blkio", "memory", "hugetlb", "pids", "rdma", "misc", "perf_event");

  private final Path folder;
  private boolean cleared;

  /**
   * @param folder where the mounts are made
   */
  LeftoverControllers(Path folder) {
    this.folder = folder;
  }

  /** Whether crun can be made to work: the tree is not hybrid, or we may mount. */
  boolean canBeCleared() {
    return leftovers().isEmpty() || Files.isWritable(USUAL);
  }

  /** Binds what is left over; false if something stays. */
  synchronized boolean clear() {
    if (cleared) {
      return true;
    }
    for (String controller : leftovers()) {
      Path target = folder.resolve(controller);
      try {
        if (!Files.exists(target.resolve("cgroup.procs"))) {
          Files.createDirectories(target);
          mount(controller, target);
        }
      } catch (IOException | Fault e) {
        LOG.warn("cannot bind the cgroup controller {}: {}", controller, e.getMessage());
        return false;
      }
    }
    cleared = true;
    return true;
  }

  private static void mount(String controller, Path target) {
    KernelMounter mounter = new KernelMounter();
    try {
      mounter.mount(new Mount("cgroup", "none", List.of(controller, "favordynmods")), target);
    } catch (Fault olderKernel) {
      LOG.debug("no favordynmods: {}", olderKernel.getMessage());
      mounter.mount(new Mount("cgroup", "none", List.of(controller)), target);
    }
  }

  /** Gives the controllers back. */
  synchronized void release() {
    cleared = false;
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var mounts = Files.list(folder)) {
      for (Path target : mounts.toList()) {
        new KernelMounter().unmount(target);
        Files.delete(target);
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot give back the cgroup controllers in " + folder, e);
    }
  }

  /**
   * The controllers that version 2 has or would get back: those no version 1 mount in the usual
   * place holds. What another engine's mount holds counts too, since that may go at any time.
   */
  private static List<String> leftovers() {
    if (!Files.exists(UNIFIED)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cgroups"))) {
        String name = line.split("\t", -1)[0];
        boolean enabled = line.endsWith("\t1");
        if (enabled && VERSION_2.contains(name) && !Files.exists(USUAL.resolve(name))) {
          names.add(name);
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot read /proc/cgroups: " + e.getMessage(), e);
    }
    return names;
  }
}
