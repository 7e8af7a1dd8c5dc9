package dev.kemas.cgroup;

import dev.kemas.fault.Fault;
import dev.kemas.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cgroup hierarchies of this machine (cgroups(7)), as mounted where this process sees them.
 * Without state of its own but what was found; safe for several threads.
 */
public final class Cgroups {
  /** Which versions are there. */
  public enum Layout {
    /** One hierarchy a controller. */
    V1,
    /** Version 1 hierarchies, and a version 2 tree beside them. */
    HYBRID,
    /** One tree for all controllers. */
    V2,
    /** Nothing is mounted. */
    NONE
  }

  /**
   * A mounted hierarchy.
   *
   * @param target where
   * @param root which part of it: not {@code /} within a container
   */
  record Hierarchy(Path target, String root) {
    /** The folder of a cgroup in this hierarchy, given as in /proc/PID/cgroup. */
    Path folder(String cgroup) {
      String within =
          !root.equals("/") && (cgroup + "/").startsWith(root + "/")
              ? cgroup.substring(root.length())
              : cgroup;
      while (within.startsWith("/")) {
        within = within.substring(1);
      }
      return within.isEmpty() ? target : target.resolve(within);
    }
  }

  private final Map<String, Hierarchy> version1;
  private final Optional<Hierarchy> version2;

  private Cgroups(Map<String, Hierarchy> version1, Optional<Hierarchy> version2) {
    this.version1 = version1;
    this.version2 = version2;
  }

  /** Looks at what is mounted. */
  public static Cgroups detect() {
    return of(MountTable.read());
  }

  static Cgroups of(MountTable mounts) {
    Map<String, Hierarchy> version1 = new TreeMap<>();
    Optional<Hierarchy> version2 = Optional.empty();
    for (MountTable.Entry mount : mounts.entries()) {
      Hierarchy hierarchy = new Hierarchy(mount.target(), mount.root());
      if (mount.type().equals("cgroup2")) {
        // the first one: a container engine or a sandbox may mount it again elsewhere
        if (version2.isEmpty()) {
          version2 = Optional.of(hierarchy);
        }
      } else if (mount.type().equals("cgroup")) {
        for (String option : mount.superOptions()) {
          if (!NOT_CONTROLLERS.contains(option) && !option.contains("=")) {
            version1.putIfAbsent(option, hierarchy);
          } else if (option.startsWith("name=")) {
            version1.putIfAbsent(option, hierarchy);
          }
        }
      }
    }
    return new Cgroups(version1, version2);
  }

  /** Options of a cgroup mount that name no controller (cgroups(7), cgroup-v1/cgroups.rst). */
  private static final Set<String> NOT_CONTROLLERS =
      Set.of("rw", "ro", "xattr", "clone_children", "noprefix", "favordynmods", "none");

  /** Which versions are there. */
  public Layout layout() {
    boolean controllers = version1.keySet().stream().anyMatch(c -> !c.startsWith("name="));
    if (version2.isEmpty()) {
      return controllers ? Layout.V1 : Layout.NONE;
    }
    return controllers ? Layout.HYBRID : Layout.V2;
  }

  /**
   * The controllers that can be used: those with a version 1 mount, and those of the version 2
   * tree.
   */
  public Set<String> controllers() {
    Set<String> all = new TreeSet<>();
    version1.keySet().stream().filter(c -> !c.startsWith("name=")).forEach(all::add);
    all.addAll(unifiedControllers());
    return all;
  }

  /** The controllers that the version 2 tree has at its root. */
  public Set<String> unifiedControllers() {
    Set<String> all = new TreeSet<>();
    version2.ifPresent(
        h -> all.addAll(words(readOrEmpty(h.target().resolve("cgroup.controllers")))));
    return all;
  }

  /** Where the version 2 tree is mounted. */
  public Optional<Path> unified() {
    return version2.map(Hierarchy::target);
  }

  /** Where the hierarchy of a version 1 controller is mounted. */
  public Optional<Path> version1(String controller) {
    return Optional.ofNullable(version1.get(controller)).map(Hierarchy::target);
  }

  /** A cgroup of this path in every hierarchy, whether it exists or not; {@code /} is the root. */
  public Cgroup at(String path) {
    Map<String, Path> folders = new LinkedHashMap<>();
    version1.forEach((controller, h) -> folders.put(controller, h.folder(path)));
    return new Cgroup(folders, version2.map(h -> h.folder(path)), layout() == Layout.V2);
  }

  /**
   * The cgroup of a process, which may be at another path in each hierarchy.
   *
   * @throws Fault.NotFound when there is no such process
   */
  public Cgroup ofProcess(int pid) {
    String text;
    try {
      text = Files.readString(Path.of("/proc/" + pid + "/cgroup"));
    } catch (IOException e) {
      throw new Fault.NotFound("process", "" + pid, "process " + pid + " has ended", e);
    }
    return parse(text);
  }

  /** Lines of {@code id:controllers:path}; version 2 has the id 0 and no controllers. */
  Cgroup parse(String text) {
    Map<String, Path> folders = new LinkedHashMap<>();
    Optional<Path> unified = Optional.empty();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3) {
        continue;
      }
      if (fields[0].equals("0") && fields[1].isEmpty()) {
        unified = version2.map(h -> h.folder(fields[2]));
        continue;
      }
      for (String controller : fields[1].split(",", -1)) {
        Hierarchy h = version1.get(controller);
        if (h != null) {
          folders.put(controller, h.folder(fields[2]));
        }
      }
    }
    return new Cgroup(folders, unified, layout() == Layout.V2);
  }

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
  }

  /** Content of a control file; empty when it does not exist, or the cgroup has gone meanwhile. */
  static String readOrEmpty(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
