package dev.kemas.build.cache;

import dev.kemas.build.BuildProgress;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.build.BuildServices;
import dev.kemas.build.Builder;
import dev.kemas.build.Cancellation;
import dev.kemas.build.Emulators;
import dev.kemas.build.Executor;
import dev.kemas.build.ImageBases;
import dev.kemas.build.ImageShelf;
import dev.kemas.build.RecordedCache;
import dev.kemas.build.SnapshotWorkspaces;
import dev.kemas.build.StepParts;
import dev.kemas.build.TarArchives;
import dev.kemas.build.explain.BuildMemory;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.engine.GarbageCollection;
import dev.kemas.image.Garbage;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.ImportRequest;
import dev.kemas.image.Layer;
import dev.kemas.image.Progress;
import dev.kemas.linux.KernelMounter;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A machine of a test: the builder on real stores and mounts below a folder. A RUN is no process:
 * {@code write FILE TEXT} writes it; what it has mounted is shown to {@link #onMount}.
 */
final class TestEngine implements AutoCloseable {
  final Path data;
  final RecordStore records;
  final FolderBlobStore blobs;
  final OverlaySnapshotter snapshots;
  final Leases leases = new Leases();
  final ImageService images;
  final RecordedCache recorded;
  final RegistryClient registries = new RegistryClient(RegistrySettings.DEFAULT, Map.of());
  final GarbageCollection garbage;
  final Builder builder;
  final BuildCache cache;
  final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  volatile Runnable whileRunning = () -> {};

  /** Is shown the folders of cache mounts that a RUN has. */
  volatile Consumer<Path> onMount = folder -> {};

  volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  volatile long free = Long.MAX_VALUE;

  TestEngine(Path data) {
    this.data = data;
    records = RecordStore.open(data.resolve("kemas.db"));
    blobs = FolderBlobStore.open(data.resolve("content"));
    snapshots = OverlaySnapshotter.open(data.resolve("snapshots"));
    recorded = new RecordedCache(records, clock());
    CompletableFuture<ImageService> late = new CompletableFuture<>();
    garbage =
        new GarbageCollection(
            leases,
            blobs,
            snapshots,
            List.of(() -> late.join().roots(), recorded::roots),
            name -> late.join().layers().beside(name));
    Garbage collected =
        new Garbage() {
          @Override
          public Collector.Result collect() {
            return garbage.collect();
          }

          @Override
          public Collector.Result collectMeasured() {
            return garbage.collectMeasured();
          }
        };
    images =
        ImageService.open(
            new ImageService.Parts(
                records,
                leases,
                blobs,
                snapshots,
                id -> List.of(),
                event -> {},
                collected,
                registries,
                Map.of(),
                clock()));
    late.complete(images);
    SnapshotWorkspaces workspaces =
        new SnapshotWorkspaces(
            snapshots, images.layers(), new KernelMounter(), data.resolve("mounts"));
    builder =
        new Builder(
            new BuildServices(
                new ImageBases(images),
                workspaces,
                executor(),
                new ImageShelf(images),
                recorded,
                new TarArchives(),
                new BuildMemory(data.resolve("explain")),
                StepParts.open(data.resolve("steps"), new KernelMounter(), clock()),
                Emulators.ofThisMachine(),
                data.resolve("scratch"),
                clock()));
    cache =
        new BuildCache(
            List.of(new StepShelf(recorded, this::measured, this::isHeld)),
            collected,
            () -> free,
            clock());
    cache.add(new MountShelf(builder.cacheMounts()));
  }

  private List<StepShelf.Measured> measured(List<Layer> layers) {
    List<Layer> inImages =
        images.images().list(dev.kemas.image.ImageFilter.ALL, true).stream()
            .flatMap(image -> image.layers().stream())
            .toList();
    return layers.stream()
        .map(layer ->
            new StepShelf.Measured(
                snapshots.allocated(SnapshotName.of(layer.chainId())),
                inImages.stream().anyMatch(one -> one.chainId().equals(layer.chainId()))))
        .toList();
  }

  private boolean isHeld(Layer layer) {
    return leases.isHeld(Resource.snapshot(SnapshotName.of(layer.chainId()).value()));
  }

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
        return now;
      }
    };
  }

  private Executor executor() {
    return (command, root, output, running, cancelled) -> {
      String text = command.args().getLast();
      ran.add(text);
      running.accept(command.id());
      whileRunning.run();
      command.lent().stream()
          .flatMap(lent -> lent.mount().source().stream())
          .forEach(source -> onMount.accept(Path.of(source)));
      String[] words = text.split(" ", 3);
      try {
        Files.writeString(root.resolve(words[1]), words[2]);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return new Executor.Ended(0, Map.of());
    };
  }

  /** The image {@code base}, always the same. */
  Image importBase() throws IOException {
    return images
        .importer()
        .importTar(
            new ByteArrayInputStream(tar("etc-release", "base\n")),
            new ImportRequest(
                Optional.of(Reference.parse("base:latest")), List.of(), "", Optional.empty()),
            Progress.NONE);
  }

  /** An archive of one file (POSIX ustar). */
  private static byte[] tar(String name, String text) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(text.length()));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xFF;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    byte[] content = new byte[512];
    put(content, 0, text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static void put(byte[] into, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, into, at, bytes.length);
  }

  BuildResult build(BuildRequest request, BuildProgress progress) {
    ran.clear();
    return builder.build(request, progress, new Cancellation());
  }

  BuildResult build(BuildRequest request) {
    return build(request, event -> {});
  }

  @Override
  public void close() {
    snapshots.close();
    blobs.close();
    records.close();
  }
}
