package dev.kemas.build.files;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Places in a root file system for what a container mounts over it. Those that were missing are
 * made before and taken away after, and the directories around them get their old times back, so
 * that nothing of it is in the layer. One thread at a time.
 */
public final class MountPoints implements AutoCloseable {

  /** Something made: what it is in, how that was before and when it was changed by this. */
  private record Made(
      String path, boolean directory, String parent, Stat before, Instant changed) {}

  private final RootDir root;
  private final List<Made> made = new ArrayList<>();
  private final Map<String, Stat> touched = new LinkedHashMap<>();

  private MountPoints(RootDir root) {
    this.root = root;
  }

  /**
   * Makes what is missing.
   *
   * @param directories absolute paths to mount directories at
   * @param files absolute paths to mount files at
   */
  public static MountPoints prepare(Path root, List<String> directories, List<String> files) {
    MountPoints points = new MountPoints(RootDir.open(root));
    try {
      directories.forEach(path -> points.make(path, true));
      files.forEach(path -> points.make(path, false));
      return points;
    } catch (Fault e) {
      points.close();
      throw e;
    }
  }

  /**
   * The directories that were there and were written in for this, with those above them, as they
   * were before: by path relative to the root.
   */
  public Map<String, Stat> touched() {
    return Map.copyOf(touched);
  }

  private void make(String path, boolean directory) {
    if (root.stat(path).isPresent()) {
      return;
    }
    String[] parts = path.replaceFirst("^/+", "").split("/+", -1);
    String parent = "";
    for (int i = 0; i < parts.length; i++) {
      String current = parent.isEmpty() ? parts[i] : parent + "/" + parts[i];
      if (root.stat(current).isEmpty()) {
        make(current, parent, directory || i < parts.length - 1);
      }
      parent = current;
    }
  }

  private void make(String path, String parent, boolean directory) {
    RootDir.Place place = root.at(path);
    if (place.directory().stat(place.name()).isPresent()) {
      // a symbolic link that leads nowhere: the runtime follows it and decides
      return;
    }
    remember(parent);
    Stat before = place.directory().stat();
    if (directory) {
      place.directory().mkdir(place.name(), 0755);
    } else {
      place.directory().create(place.name(), 0644).close();
    }
    made.add(new Made(path, directory, parent, before, place.directory().stat().modified()));
  }

  private void remember(String directory) {
    String path = directory;
    while (true) {
      boolean own = false;
      for (Made one : made) {
        own |= one.path().equals(path);
      }
      if (!own) {
        String known = path;
        root.stat(known).ifPresent(stat -> touched.putIfAbsent(known, stat));
      }
      if (path.isEmpty()) {
        return;
      }
      path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
  }

  /** Takes away what was made, unless the container has put something there. */
  @Override
  public void close() {
    try {
      root.forget();
      for (Made one : made.reversed()) {
        remove(one);
        root.forget();
      }
    } finally {
      root.close();
    }
  }

  private void remove(Made one) {
    RootDir.Place place;
    try {
      place = root.at(one.path());
    } catch (Fault.NotFound e) {
      return; // the container has removed the directory around it
    }
    Optional<Stat> there = place.directory().stat(place.name());
    Instant changed = place.directory().stat().modified();
    boolean same =
        there.isPresent()
            && (there.get().type() == FileType.DIRECTORY) == one.directory()
            && isEmpty(place, there.get());
    if (!same) {
      return;
    }
    if (one.directory()) {
      place.directory().rmdir(place.name());
    } else {
      place.directory().unlink(place.name());
    }
    if (changed.equals(one.changed())) {
      restore(one);
    }
  }

  private void restore(Made one) {
    if (one.parent().isEmpty()) {
      try (OpenFile file = root.openForRead("")) {
        file.times(one.before().accessed(), one.before().modified());
      }
      return;
    }
    RootDir.Place parent = root.at(one.parent());
    Optional<Stat> stat = parent.directory().stat(parent.name());
    if (stat.isPresent() && stat.get().type() == FileType.DIRECTORY) {
      parent.directory().times(parent.name(), one.before().accessed(), one.before().modified());
    }
  }

  private static boolean isEmpty(RootDir.Place place, Stat stat) {
    if (stat.type() != FileType.DIRECTORY) {
      return stat.type() == FileType.REGULAR && stat.size() == 0;
    }
    try (dev.kemas.linux.Directory directory = place.directory().openDirectory(place.name())) {
      return directory.list().isEmpty();
    }
  }
}
