package dev.kemas.engine;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.fault.Fault;
import dev.kemas.network.Networks;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a run needed and what a removed container leaves. Every step may be done again;
 * what fails is logged and found by the next start of the engine.
 */
final class Clearance {
  private static final Logger LOG = LoggerFactory.getLogger(Clearance.class);
  private static final Duration CGROUP_LIMIT = Duration.ofSeconds(10);

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Snapshotter snapshotter;
  private final Networks networks;
  private final Volumes volumes;
  private final ContainerRuntime runtime;

  Clearance(
      EngineSettings settings,
      ContainerTable table,
      Snapshotter snapshotter,
      Networks networks,
      Volumes volumes,
      ContainerRuntime runtime) {
    this.settings = settings;
    this.table = table;
    this.snapshotter = snapshotter;
    this.networks = networks;
    this.volumes = volumes;
    this.runtime = runtime;
  }

  /** Closes the ports and gives the names and addresses up. */
  void closeNetwork(Container container) {
    quietly("close the network", container.id(), () -> networks.close(container.id()));
  }

  /** After a run: network, cgroups, mounts. */
  void clear(Container container) {
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), container.id());
    closeNetwork(container);
    quietly("delete the cgroups", container.id(), () -> runtime.delete(folder.bundle()));
    for (MountPoint mount : container.mounts()) {
      if (mount.kind() == MountPoint.Kind.VOLUME) {
        quietly("release volume " + mount.name(), container.id(), () -> release(mount.name()));
      }
    }
    // last: by this mount the next engine sees that there is something to clear
    quietly("unmount the file system", container.id(), folder::unmount);
  }

  /** The same for a run that an engine was killed in: cgroups that no runtime knows go too. */
  void clearInterrupted(Container container) {
    quietly(
        "remove the cgroup",
        container.id(),
        () -> removeCgroup(Launcher.cgroupParent(container, settings), container.id()));
    clear(container);
  }

  private void removeCgroup(String parent, String id) {
    runtime.delete(ContainerFolder.of(settings.dataRoot(), id).bundle());
    Cgroups.detect().at(parent + "/" + id).remove(CGROUP_LIMIT);
  }

  /** A volume with a mount of its own is unmounted when nobody alive has it. */
  private void release(String volume) {
    Predicate<Container> needs =
        c -> c.state().isAlive() && c.mounts().stream().anyMatch(m -> m.name().equals(volume));
    if (table.all().stream().noneMatch(needs)) {
      volumes.release(volume);
    }
  }

  /** After the removal of the record: all the rest, anonymous volumes included. */
  void erase(Container container) {
    clear(container);
    quietly(
        "remove the files",
        container.id(),
        () ->
            eraseFiles(
                ContainerFolder.of(settings.dataRoot(), container.id()),
                new SnapshotName(container.id())));
  }

  /** What is left of a container that was being made or removed when the engine was killed. */
  void eraseOrphan(String id) {
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), id);
    networks.close(id);
    removeCgroup(settings.cgroupParent(), id);
    folder.unmount();
    eraseFiles(folder, new SnapshotName(id));
  }

  /** The folder last: it is what an orphan is found by. */
  void eraseFiles(ContainerFolder folder, SnapshotName key) {
    runtime.forget(folder.bundle());
    if (snapshotter.stat(key).isPresent()) {
      snapshotter.remove(key);
    }
    for (String volume : folder.notedVolumes()) {
      if (volumeUsers(volume).isEmpty()) {
        removeVolume(volume);
      }
    }
    folder.delete();
  }

  private void removeVolume(String volume) {
    try {
      volumes.remove(volume, this::volumeUsers);
    } catch (Fault.NotFound never) {
      LOG.debug("volume {} is gone already: {}", volume, never.getMessage());
    }
  }

  /** The containers that have a volume among their mounts. */
  List<String> volumeUsers(String volume) {
    return table.all().stream()
        .filter(c -> c.mounts().stream().anyMatch(m -> m.name().equals(volume)))
        .map(Container::id)
        .toList();
  }

  private static void quietly(String what, String id, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("cannot {} of container {}: {}", what, id, e.getMessage());
    }
  }
}
