package dev.kemas.build;

import dev.kemas.content.FolderBlobStore;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.ImportRequest;
import dev.kemas.image.Layer;
import dev.kemas.image.Progress;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import dev.kemas.linux.Mounter;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Resource;
import dev.kemas.metadata.ResourceSpace;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The builder on real stores, mounts, containers and networks. */
final class RealEngine implements AutoCloseable {
  final RealHost host;
  final RecordStore records;
  final FolderBlobStore blobs;
  final OverlaySnapshotter snapshots;
  final ImageService images;
  final RecordedCache cache;
  final Collector collector;
  final Path data;
  final AtomicInteger mounted = new AtomicInteger();
  final Builder builder;
  private ImageService[] late = new ImageService[1];

  RealEngine(Path folder) throws IOException {
    this(folder, new RealHost(folder));
  }

  RealEngine(Path folder, RealHost host) {
    this.host = host;
    this.data = folder.resolve("data");
    records = RecordStore.open(data.resolve("kemas.db"));
    blobs = FolderBlobStore.open(data.resolve("content"));
    snapshots = OverlaySnapshotter.open(data.resolve("snapshots"));
    cache = new RecordedCache(records);
    Leases leases = new Leases();
    collector =
        new Collector(
            leases,
            List.of(() -> late[0].roots(), cache::roots),
            List.of(new BlobSpace(), new SnapshotSpace()));
    images =
        ImageService.open(
            new ImageService.Parts(
                records,
                leases,
                blobs,
                snapshots,
                id -> List.of(),
                event -> {},
                collector::collect,
                new RegistryClient(RegistrySettings.DEFAULT, Map.of()),
                Map.of(),
                Clock.systemUTC()));
    late[0] = images;
    Mounter kernel = new KernelMounter();
    Mounter counting =
        new Mounter() {
          @Override
          public void mount(Mount mount, Path target) {
            mounted.incrementAndGet();
            kernel.mount(mount, target);
          }

          @Override
          public boolean unmount(Path target) {
            return kernel.unmount(target);
          }
        };
    builder =
        Builder.open(
            new BuildParts(
                images,
                snapshots,
                counting,
                host.runtime,
                host.networks,
                RealHost.facts(),
                cache,
                data.resolve("build"),
                host.cgroup,
                Clock.systemUTC()));
  }

  /** The folders of cache mounts. */
  CacheMounts caches() {
    return builder.steps().caches();
  }

  /** Makes the image that builds start from: a static busybox. */
  Image importBusybox(Path temp) throws IOException, InterruptedException {
    Path root = Files.createDirectories(temp.resolve("busybox"));
    RealHost.busybox(root);
    Path tar = temp.resolve("busybox.tar");
    int code =
        new ProcessBuilder("tar", "-C", root.toString(), "-cf", tar.toString(), ".")
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("tar failed");
    }
    try (InputStream in = Files.newInputStream(tar)) {
      return images
          .importer()
          .importTar(
              in,
              new ImportRequest(
                  Optional.of(Reference.parse("busybox:latest")),
                  List.of("ENV PATH=/bin", "CMD [\"sh\"]"),
                  "",
                  Optional.empty()),
              Progress.NONE);
    }
  }

  /** The names in a layer's archive, with what {@code tar -tv} says of them. */
  List<String> contents(Layer layer) throws IOException {
    Path blob = Files.createTempFile(data, "layer", ".tar");
    try (InputStream in = blobs.open(layer.blob().digest()).stream()) {
      Files.write(blob, in.readAllBytes());
    }
    Process tar = new ProcessBuilder("tar", "-tf", blob.toString(), "--numeric-owner").start();
    String text = new String(tar.getInputStream().readAllBytes());
    return text.lines().toList();
  }

  /** What is being made: nothing, once a build is over. */
  List<String> unfinished() {
    List<String> names = new ArrayList<>();
    snapshots.walk(info -> {
      if (info.name().value().startsWith("build-")) {
        names.add(info.name().value());
      }
    });
    return names;
  }

  @Override
  public void close() throws IOException {
    snapshots.close();
    blobs.close();
    records.close();
    host.close();
  }

  private final class BlobSpace implements ResourceSpace {
    @Override
    public String kind() {
      return Resource.BLOB;
    }

    @Override
    public void walk(Consumer<Resource> visitor) {
      blobs.walk(blob -> visitor.accept(Resource.blob(blob.digest())));
    }

    @Override
    public List<Resource> references(Resource resource) {
      return List.of();
    }

    @Override
    public long remove(Resource resource) {
      return blobs.delete(dev.kemas.oci.Digest.parse(resource.id())) ? 1 : 0;
    }
  }

  private final class SnapshotSpace implements ResourceSpace {
    @Override
    public String kind() {
      return Resource.SNAPSHOT;
    }

    @Override
    public void walk(Consumer<Resource> visitor) {
      snapshots.walk(info -> {
        if (info.kind() == dev.kemas.snapshot.SnapshotInfo.Kind.COMMITTED) {
          visitor.accept(Resource.snapshot(info.name().value()));
        }
      });
    }

    @Override
    public List<Resource> references(Resource resource) {
      SnapshotName name = new SnapshotName(resource.id());
      List<Resource> needed = new ArrayList<>(images.layers().beside(name));
      snapshots
          .stat(name)
          .flatMap(info -> info.parent())
          .ifPresent(parent -> needed.add(Resource.snapshot(parent.value())));
      return needed;
    }

    @Override
    public long remove(Resource resource) {
      snapshots.remove(new SnapshotName(resource.id()));
      return 0;
    }
  }
}
