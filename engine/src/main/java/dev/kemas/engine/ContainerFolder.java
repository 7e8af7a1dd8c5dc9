package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import dev.kemas.linux.MountTable;
import dev.kemas.runtime.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A container's folder: its bundle, its root file system while it runs, its own small files. */
record ContainerFolder(String id, Path path) {
  static ContainerFolder of(Path dataRoot, String id) {
    return new ContainerFolder(id, dataRoot.resolve("containers").resolve(id));
  }

  Bundle bundle() {
    return new Bundle(id, path);
  }

  Path rootfs() {
    return path.resolve("rootfs");
  }

  Path hosts() {
    return path.resolve("hosts");
  }

  Path hostname() {
    return path.resolve("hostname");
  }

  Path resolvConf() {
    return path.resolve("resolv.conf");
  }

  private Path volumes() {
    return path.resolve("volumes");
  }

  /** Notes a volume that is about to be made for this container alone. */
  void noteVolume(String name) {
    try {
      Files.writeString(
          volumes(), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new Fault.Internal("cannot write " + volumes() + ": " + e.getMessage(), e);
    }
  }

  /** The volumes that go with this container, made or not. */
  List<String> notedVolumes() {
    try {
      return Files.readAllLines(volumes());
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + volumes() + ": " + e.getMessage(), e);
    }
  }

  /** The volumes stay when the container goes. */
  void forgetVolumes() {
    try {
      Files.deleteIfExists(volumes());
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + volumes() + ": " + e.getMessage(), e);
    }
  }

  void create() {
    try {
      Files.createDirectories(rootfs());
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + path + ": " + e.getMessage(), e);
    }
  }

  void mount(List<Mount> mounts) {
    KernelMounter mounter = new KernelMounter();
    mounts.forEach(mount -> mounter.mount(mount, rootfs()));
  }

  boolean isMounted() {
    return MountTable.isMountPoint(rootfs());
  }

  /** Takes every mount away that lies on the root file system. */
  void unmount() {
    KernelMounter mounter = new KernelMounter();
    boolean more = true;
    while (more) {
      more = mounter.unmount(rootfs());
    }
  }

  /** Removes the folder and all in it; nothing happens when it is gone. */
  void delete() {
    unmount();
    Path parent = path.getParent();
    if (parent == null || !Files.exists(path)) {
      return;
    }
    try (Directory folder = Directory.open(parent)) {
      folder.removeTree(id);
    }
  }
}
