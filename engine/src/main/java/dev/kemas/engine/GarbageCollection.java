package dev.kemas.engine;

import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.Resource;
import dev.kemas.metadata.ResourceSpace;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops blobs and committed snapshots that nothing needs: no image, no build cache, no container,
 * no lease. Containers' own snapshots and views are never dropped, and keep what they lie upon.
 */
public final class GarbageCollection {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);

  private final Collector collector;
  private final Snapshotter snapshotter;

  /** How many want to know what a collection brings. */
  private final AtomicInteger measuring = new AtomicInteger();

  /**
   * @param roots what must stay, asked anew each time: the images', the build cache's
   * @param beside what stays for as long as a snapshot does
   */
  public GarbageCollection(
      Leases leases,
      BlobStore blobs,
      Snapshotter snapshots,
      List<Supplier<List<Owner>>> roots,
      Function<SnapshotName, List<Resource>> beside) {
    this.snapshotter = snapshots;
    List<Supplier<List<Owner>>> all = new ArrayList<>(roots);
    all.add(() -> inUse(snapshots));
    this.collector =
        new Collector(
            leases, all, List.of(new Blobs(blobs), new Snapshots(snapshots, beside, measuring)));
  }

  /** Collects once, beside whatever else goes on; milliseconds when there is nothing to do. */
  public Collector.Result collect() {
    Collector.Result result = collector.collect();
    if (!result.removed().isEmpty()) {
      LOG.debug("dropped {} unneeded blobs and snapshots", result.removed().size());
    }
    return result;
  }

  /**
   * The same; the bytes of the result are those that the disk gains, with the layers, whose files
   * are deleted in the background. Walks over layers that were never measured, before any is held.
   */
  public Collector.Result collectMeasured() {
    measuring.incrementAndGet();
    try {
      snapshotter.walk(info -> {
        if (info.kind() == SnapshotInfo.Kind.COMMITTED) {
          measure(snapshotter, info.name());
        }
      });
      return collect();
    } finally {
      measuring.decrementAndGet();
    }
  }

  private static long measure(Snapshotter snapshotter, SnapshotName name) {
    try {
      return snapshotter.allocated(name);
    } catch (Fault.NotFound removedMeanwhile) {
      return 0;
    }
  }

  /**
   * Every blob and committed snapshot, as {@code blob sha256:...}, with those who keep it; nobody
   * for what the next collection removes.
   */
  public SortedMap<String, SortedSet<String>> owners() {
    SortedMap<String, SortedSet<String>> all = new TreeMap<>();
    collector
        .owners()
        .forEach((resource, owners) -> all.put(resource.kind() + " " + resource.id(), owners));
    return all;
  }

  private static List<Owner> inUse(Snapshotter snapshots) {
    List<Owner> used = new ArrayList<>();
    snapshots.walk(info -> {
      if (info.kind() != SnapshotInfo.Kind.COMMITTED) {
        used.add(
            new Owner(
                info.kind().name().toLowerCase(Locale.ROOT) + " snapshot " + info.name(),
                List.of(Resource.snapshot(info.name().value()))));
      }
    });
    return used;
  }

  private record Blobs(BlobStore store) implements ResourceSpace {
    @Override
    public String kind() {
      return Resource.BLOB;
    }

    @Override
    public void walk(Consumer<Resource> visitor) {
      store.walk(info -> visitor.accept(Resource.blob(info.digest())));
    }

    @Override
    public List<Resource> references(Resource resource) {
      // an image's record names all its blobs itself
      return List.of();
    }

    @Override
    public long remove(Resource resource) {
      Digest digest = Digest.parse(resource.id());
      long size = store.allocated(digest);
      return store.delete(digest) ? size : 0;
    }
  }

  private record Snapshots(
      Snapshotter snapshotter,
      Function<SnapshotName, List<Resource>> beside,
      AtomicInteger measuring)
      implements ResourceSpace {
    @Override
    public String kind() {
      return Resource.SNAPSHOT;
    }

    @Override
    public void walk(Consumer<Resource> visitor) {
      snapshotter.walk(info -> {
        if (info.kind() == SnapshotInfo.Kind.COMMITTED) {
          visitor.accept(Resource.snapshot(info.name().value()));
        }
      });
    }

    @Override
    public List<Resource> references(Resource resource) {
      SnapshotName name = new SnapshotName(resource.id());
      List<Resource> needed = new ArrayList<>(beside.apply(name));
      snapshotter
          .stat(name)
          .flatMap(SnapshotInfo::parent)
          .ifPresent(parent -> needed.add(Resource.snapshot(parent.value())));
      return needed;
    }

    @Override
    public long remove(Resource resource) {
      SnapshotName name = new SnapshotName(resource.id());
      try {
        // a walk costs more than the removal, which only renames
        long size = measuring.get() > 0 ? measure(snapshotter, name) : 0;
        snapshotter.remove(name);
        return size;
      } catch (Fault.Conflict | Fault.NotFound e) {
        // a container was made on it since, or somebody else removed it: both are as it should be
        LOG.debug("snapshot {} stays: {}", name, e.getMessage());
      }
      return 0;
    }
  }
}
