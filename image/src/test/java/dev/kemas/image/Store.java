package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobStore;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Resource;
import dev.kemas.metadata.ResourceSpace;
import dev.kemas.oci.Digest;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.signature.SignaturePolicy;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Real stores in a folder, with images on them. */
final class Store implements AutoCloseable {
  final Path root;
  final RecordStore records;
  final BlobStore blobs;
  final Snapshotter snapshots;
  final Leases leases = new Leases();
  final List<ImageEvent> events = Collections.synchronizedList(new ArrayList<>());
  final List<String> said = Collections.synchronizedList(new ArrayList<>());
  final ImageService service;
  volatile Duration later = Duration.ZERO;
  volatile long free = Long.MAX_VALUE;
  volatile SignaturePolicy policy = SignaturePolicy.NONE;
  volatile ImageUse use = image -> List.of();
  private final Collector collector;

  private Store(Path root, RegistrySettings registry) {
    this.root = root;
    records = RecordStore.open(root.resolve("records.db"));
    blobs = FolderBlobStore.open(root.resolve("content"));
    snapshots = OverlaySnapshotter.open(root.resolve("snapshots"));
    service =
        ImageService.open(
            new ImageService.Parts(
                records,
                leases,
                blobs,
                snapshots,
                image -> use.usersOf(image),
                events::add,
                this::collect,
                new RegistryClient(registry, Map.of()),
                Map.of(),
                clock()),
            new DiskSpace(() -> free),
            Optional.of(root),
            () -> policy);
    collector =
        new Collector(leases, List.of(service::roots), List.of(blobSpace(), snapshotSpace()));
  }

  static Store open(Path root) {
    return new Store(root, RegistrySettings.DEFAULT);
  }

  static Store open(Path root, RegistrySettings registry) {
    return new Store(root, registry);
  }

  Collector.Result collect() {
    return collector.collect();
  }

  /** What nobody keeps. */
  List<String> unowned() {
    List<String> unowned = new ArrayList<>();
    collector
        .owners()
        .forEach((resource, owners) -> {
          if (owners.isEmpty()) {
            unowned.add(resource.toString());
          }
        });
    return unowned;
  }

  /** The time, or what a test says. */
  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.now().plus(later);
      }
    };
  }

  /** Keeps what is said, one line an event. */
  Progress progress() {
    return event ->
        said.add(
            switch (event) {
              case Progress.Line line -> line.text().strip();
              case Progress.Pushed p -> "pushed " + p.tag() + " " + p.digest();
              case Progress.Status s -> s.id().map(id -> id + ": ").orElse("") + s.status();
            });
  }

  List<Digest> blobDigests() {
    List<Digest> all = new ArrayList<>();
    blobs.walk(b -> all.add(b.digest()));
    Collections.sort(all);
    return all;
  }

  List<String> snapshotNames() {
    List<String> all = new ArrayList<>();
    snapshots.walk(s -> all.add(s.name().value()));
    Collections.sort(all);
    return all;
  }

  /** The folder of a layer, to look into. */
  Path folder(Layer layer) {
    return switch (snapshots.changes(SnapshotName.of(layer.chainId()))) {
      case dev.kemas.snapshot.Changes.OverlayUpper upper -> upper.upper();
      case dev.kemas.snapshot.Changes.Trees trees -> trees.upper();
    };
  }

  private ResourceSpace blobSpace() {
    return new ResourceSpace() {
      @Override
      public String kind() {
        return Resource.BLOB;
      }

      @Override
      public void walk(Consumer<Resource> visitor) {
        blobs.walk(b -> visitor.accept(Resource.blob(b.digest())));
      }

      @Override
      public List<Resource> references(Resource resource) {
        return List.of();
      }

      @Override
      public long remove(Resource resource) {
        Digest digest = Digest.parse(resource.id());
        long size = blobs.stat(digest).map(BlobInfo::size).orElse(0L);
        blobs.delete(digest);
        return size;
      }
    };
  }

  private ResourceSpace snapshotSpace() {
    return new ResourceSpace() {
      @Override
      public String kind() {
        return Resource.SNAPSHOT;
      }

      @Override
      public void walk(Consumer<Resource> visitor) {
        snapshots.walk(s -> {
          if (s.kind() == SnapshotInfo.Kind.COMMITTED) {
            visitor.accept(Resource.snapshot(s.name().value()));
          }
        });
      }

      @Override
      public List<Resource> references(Resource resource) {
        SnapshotName name = new SnapshotName(resource.id());
        List<Resource> needed = new ArrayList<>(service.layers().beside(name));
        snapshots
            .stat(name)
            .flatMap(SnapshotInfo::parent)
            .ifPresent(p -> needed.add(Resource.snapshot(p.value())));
        return needed;
      }

      @Override
      public long remove(Resource resource) {
        try {
          snapshots.remove(new SnapshotName(resource.id()));
        } catch (Fault.Conflict e) {
          // as the engine does it: another was made upon it and given up since they were listed,
          // and the next collection takes both
          assertThat(e).hasMessageContaining("others lie upon it");
        }
        return 0;
      }
    };
  }

  /** Files that are left in the folder of the stores beside what the stores hold by name. */
  List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public void close() {
    snapshots.close();
    blobs.close();
    records.close();
  }
}
