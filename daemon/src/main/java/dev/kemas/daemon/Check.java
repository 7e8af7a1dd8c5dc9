package dev.kemas.daemon;

import dev.kemas.build.RecordedCache;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.content.PartialBlob;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.engine.Container;
import dev.kemas.engine.GarbageCollection;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.volume.Volume;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What lies below a data root, and for whom it is kept: blobs, layers, containers' file systems,
 * ingests, folders. No daemon may run on it meanwhile. Nothing is changed but what every start
 * does.
 */
final class Check {
  private static final String SNAPSHOT = "snapshot ";

  private final SortedMap<String, SortedSet<String>> owners = new TreeMap<>();

  private Check() {}

  /**
   * Looks once.
   *
   * @throws Fault.Conflict when a daemon runs on this data root
   */
  static Check of(DaemonConfig config) {
    Path data = config.dataRoot();
    Check check = new Check();
    try (InstanceLock _ = InstanceLock.take(data);
        RecordStore records = RecordStore.open(data.resolve("kemas.db"));
        FolderBlobStore blobs = FolderBlobStore.open(data.resolve("content"));
        OverlaySnapshotter snapshots = OverlaySnapshotter.open(data.resolve("snapshots"))) {
      Leases leases = new Leases();
      RecordedCache cache = new RecordedCache(records);
      ImageService images = images(records, leases, blobs, snapshots);
      GarbageCollection garbage =
          new GarbageCollection(
              leases,
              blobs,
              snapshots,
              List.of(images::roots, cache::roots),
              images.layers()::beside);
      check.owners.putAll(garbage.owners());
      Set<String> containers = records.records("container", Container.class).entries().keySet();
      snapshots.walk(info -> check.own(info, containers));
      blobs.partials().forEach(check::own);
      check.folders(data.resolve("containers"), "container ", containers);
      Set<String> volumes = records.records("volume", Volume.class).entries().keySet();
      check.folders(data.resolve("volumes"), "volume ", volumes);
      return check;
    }
  }

  private static ImageService images(
      RecordStore records, Leases leases, FolderBlobStore blobs, OverlaySnapshotter snapshots) {
    return ImageService.open(
        new ImageService.Parts(
            records,
            leases,
            blobs,
            snapshots,
            image -> List.of(),
            event -> {},
            () -> new Collector.Result(List.of(), 0),
            new RegistryClient(RegistrySettings.DEFAULT, Map.of()),
            Map.of(),
            Clock.systemUTC()));
  }

  private SortedSet<String> of(String thing) {
    return owners.computeIfAbsent(thing, t -> new TreeSet<>());
  }

  private void own(SnapshotInfo info, Set<String> containers) {
    String name = info.name().value();
    if (info.kind() != SnapshotInfo.Kind.COMMITTED) {
      SortedSet<String> mine = of(SNAPSHOT + name);
      if (containers.contains(name)) {
        mine.add("container " + name.substring(0, Math.min(12, name.length())));
      }
    }
  }

  private void own(PartialBlob partial) {
    SortedSet<String> mine = of("ingest " + partial.key());
    if (!partial.once()
        && partial.writtenAt().isAfter(Instant.now().minus(Services.PARTIALS_KEPT))) {
      mine.add(
          "whoever asks for it again until " + partial.writtenAt().plus(Services.PARTIALS_KEPT));
    }
  }

  private void folders(Path folder, String kind, Set<String> records) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path one : all.toList()) {
        String name = one.getFileName().toString();
        SortedSet<String> mine = of("folder " + folder.getFileName() + "/" + name);
        if (records.contains(name)) {
          mine.add(kind + name);
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Writes a line for each thing; false when one is nobody's. */
  boolean print(PrintStream out) {
    owners.forEach((thing, mine) ->
        out.println(thing + ": " + (mine.isEmpty() ? "NOBODY'S" : String.join(", ", mine))));
    return owners.values().stream().noneMatch(Set::isEmpty);
  }
}
