package dev.kemas.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pull and push of an image of five unequal layers of the host's own programs, libraries and texts,
 * at the stock registry on loopback.
 */
final class PullPush {
  /** Of the unpacked layers, in MiB. */
  private static final int[] LAYERS = {280, 150, 100, 70, 40};

  private static final int MAX_FILE = 32 << 20;

  private final List<Engine> engines;
  private final Path scratch;
  private final int port;
  private final int rounds;
  private final Path folder;
  private final String name;

  /**
   * @param port of the registry, known to engines that must be told that it has no certificate
   */
  PullPush(List<Engine> engines, Path scratch, int port, int rounds) {
    this.engines = engines;
    this.scratch = scratch;
    this.port = port;
    this.rounds = rounds;
    this.folder = scratch.resolve("stock-registry");
    this.name = "localhost:" + port + "/bench/five:1";
  }

  List<Measure> run() throws IOException {
    Path saved = image();
    List<Measure> measures = new ArrayList<>();
    measures.add(pushes(saved));
    try (Registry _ = emptyRegistry()) {
      Engine first = engines.getFirst();
      load(first, saved);
      Shell.run(first.docker("push", "-q", name));
      remove(first);
      measures.add(pulls());
      measures.add(pushesOfNothing());
    }
    engines.forEach(this::remove);
    return measures;
  }

  /** The image as an archive, so that each engine has the same plain layers. */
  private Path image() throws IOException {
    Path context = Files.createDirectories(scratch.resolve("five"));
    List<Path> files = files(Path.of("/usr"));
    StringBuilder recipe = new StringBuilder("FROM busybox\n");
    int next = 0;
    for (int layer = 0; layer < LAYERS.length; layer++) {
      Path folder = context.resolve("layer" + layer);
      long left = (long) LAYERS[layer] << 20;
      while (left > 0 && next < files.size()) {
        Path file = files.get(next++);
        Path copy = folder.resolve(Path.of("/").relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
        left -= Files.size(copy);
      }
      recipe.append("COPY layer").append(layer).append(" /l").append(layer).append('\n');
    }
    Files.writeString(context.resolve("Dockerfile"), recipe);
    Path saved = scratch.resolve("five.tar");
    Engine first = engines.getFirst();
    Shell.run(first.docker("build", "-q", "-t", "five:1", context.toString()));
    Shell.run(first.docker("save", "-o", saved.toString(), "five:1"));
    Shell.run(first.docker("rmi", "five:1"));
    // else its layers would be here already
    Shell.run(first.docker("builder", "prune", "-af"));
    Shell.run(List.of("rm", "-rf", context.toString()));
    return saved;
  }

  /** In an order that mixes what lies together, the same on each run on one host. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && attributes.size() < MAX_FILE) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.comparingInt(PullPush::mixed).thenComparing(Comparator.naturalOrder()));
    return files;
  }

  private static int mixed(Path file) {
    return file.toString().hashCode() * 0x9E3779B1;
  }

  private Registry emptyRegistry() {
    Shell.run(List.of("rm", "-rf", folder.toString()));
    Shell.run(List.of("mkdir", folder.toString()));
    return Registry.reference(folder, port);
  }

  private void load(Engine engine, Path saved) {
    Shell.run(engine.docker("load", "-i", saved.toString()));
    Shell.run(engine.docker("tag", "five:1", name));
    Shell.run(engine.docker("rmi", "five:1"));
  }

  private void remove(Engine engine) {
    if (!Shell.run(engine.docker("images", "-q", name)).isBlank()) {
      Shell.run(engine.docker("rmi", name));
    }
  }

  private Measure pulls() {
    Measure measure = new Measure("pull of five layers, 640 MB unpacked");
    for (Engine engine : engines) {
      measure.on(
          engine.name(),
          () -> {
            remove(engine);
            return Shell.time(engine.docker("pull", "-q", name));
          });
    }
    measure.on("curl, sha256sum, gzip, tar on all cores", this::floorOfPull);
    return measure.run(rounds);
  }

  private double floorOfPull() {
    Path target = scratch.resolve("pulled");
    double millis =
        Shell.time(
            List.of(
                "bash",
                "-c",
                "set -eo pipefail; mkdir \"$1\"; cd \"$1\";"
                    + " curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json'"
                    + " \"$2/manifests/1\" | grep -o 'sha256:[0-9a-f]*' | tail -n +2"
                    + " | xargs -P \"$(nproc)\" -I{} bash -c 'mkdir {}; curl -sf"
                    + " '\"$2\"'/blobs/{} | tee >(sha256sum >{}.sum) | gzip -dc"
                    + " | tar -C {} -xf -'",
                "bash",
                target.toString(),
                "http://localhost:" + port + "/v2/bench/five"));
    Shell.run(List.of("rm", "-rf", target.toString()));
    return millis;
  }

  private Measure pushes(Path saved) {
    Measure measure = new Measure("first push of the same image to an empty registry");
    for (Engine engine : engines) {
      measure.on(
          engine.name(),
          () -> {
            // what was compressed for an earlier push must be gone
            remove(engine);
            load(engine, saved);
            try (Registry _ = emptyRegistry()) {
              return Shell.time(engine.docker("push", "-q", name));
            }
          });
    }
    return measure.run(rounds);
  }

  private Measure pushesOfNothing() {
    Measure measure = new Measure("push that changes nothing");
    for (Engine engine : engines) {
      measure.on(engine.name(), () -> Shell.time(engine.docker("push", "-q", name)));
    }
    return measure.run(rounds);
  }
}
