package dev.kemas.bootstrap;

import dev.kemas.content.FolderBlobStore;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.image.Progress;
import dev.kemas.linux.Directory;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Real stores in a folder, and what makes images on them. */
final class Workbench implements AutoCloseable {
  /** Packages that were downloaded stay here from one test to the next, and to the next run. */
  static final Path CACHE = Path.of("target", "cache").toAbsolutePath();

  final List<String> said = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger tidied = new AtomicInteger();
  final ImageService images;
  private final Path folder;
  private final RecordStore records;
  private final FolderBlobStore blobs;
  private final OverlaySnapshotter snapshots;
  private final Bootstrap bootstrap;

  Workbench(Path folder, Predicate<String> installed) {
    this.folder = folder;
    records = RecordStore.open(folder.resolve("records.db"));
    blobs = FolderBlobStore.open(folder.resolve("content"));
    snapshots = OverlaySnapshotter.open(folder.resolve("snapshots"));
    images =
        ImageService.open(
            new ImageService.Parts(
                records,
                new Leases(),
                blobs,
                snapshots,
                image -> List.of(),
                event -> {},
                () -> new Collector.Result(List.of(), 0),
                new RegistryClient(RegistrySettings.DEFAULT, Map.of()),
                Map.of(),
                Clock.systemUTC()));
    bootstrap =
        new Bootstrap(
            images, CACHE, Map.of(), Clock.systemUTC(), tidied::incrementAndGet, installed);
  }

  Image make(BootstrapRequest request) {
    Progress progress =
        event -> {
          if (event instanceof Progress.Status status) {
            said.add(status.status());
          }
        };
    return bootstrap.make(request, progress);
  }

  /** The unpacked image, which has one layer. */
  Path root(Image image) {
    Layer layer = image.layers().getFirst();
    return switch (snapshots.changes(SnapshotName.of(layer.chainId()))) {
      case Changes.OverlayUpper upper -> upper.upper();
      case Changes.Trees trees -> trees.upper();
    };
  }

  /** Runs a program with the folder as its root; what it says. */
  static String inside(Path root, String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("chroot", root.toString()));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  @Override
  public void close() {
    snapshots.close();
    blobs.close();
    records.close();
    // with its links, of which JUnit would warn one by one
    try (Directory directory = Directory.open(folder)) {
      directory.removeTree("snapshots");
    }
  }
}
