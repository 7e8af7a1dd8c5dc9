package dev.kemas.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The measures of {@code make bench}. Arguments: the distribution's folder, the report's file, and
 * optionally the number of rounds and, to look at some parts alone without a report, their names
 * with commas: run, exec, load, build, buildx, ps, pull, registry.
 */
public final class Bench {
  private static final int STEPS = 20;
  private static final int IMAGE_MEGABYTES = 200;

  private final List<Engine> engines = new ArrayList<>();
  private final Path distribution;
  private final Path scratch;
  private final int rounds;
  private final Set<String> only;

  private Bench(Path distribution, Path scratch, int rounds, Set<String> only) {
    this.distribution = distribution;
    this.scratch = scratch;
    this.rounds = rounds;
    this.only = only;
  }

  /** Measures and writes the report. */
  public static void main(String[] args) throws IOException {
    Path scratch = Files.createTempDirectory("kemas-bench-");
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    Set<String> only = args.length > 3 ? Set.of(args[3].split(",", -1)) : Set.of();
    Bench bench = new Bench(Path.of(args[0]).toAbsolutePath(), scratch, rounds, only);
    try {
      Report report = bench.run();
      if (only.isEmpty()) {
        Files.writeString(Path.of(args[1]), report.markdown());
      }
      report.print();
    } finally {
      bench.engines.reversed().forEach(Engine::close);
      Shell.run(List.of("rm", "-rf", scratch.toString()));
    }
  }

  private Report run() throws IOException {
    Engine kemas = Engine.kemas(distribution);
    engines.add(kemas);
    Engine.dockerd().ifPresent(engines::add);
    int port = Registry.freePort();
    Engine.podman(port).ifPresent(engines::add);
    Path root = rootfs();
    Path tar = scratch.resolve("busybox.tar");
    Shell.run(List.of("tar", "-C", root.toString(), "-cf", tar.toString(), "."));
    for (Engine engine : engines) {
      Shell.run(engine.docker("import", "-c", "CMD [\"sh\"]", tar.toString(), "busybox:latest"));
    }
    Report report = new Report(rounds, kemas.startMillis());
    if (wanted("run")) {
      report.add(runs("run --rm busybox true, default bridge", Optional.of(root)));
      report.add(
          runs("run --rm --network none busybox true", Optional.empty(), "--network", "none"));
    }
    if (wanted("exec")) {
      report.add(execs());
    }
    if (wanted("load")) {
      report.add(loads());
      report.add(saves());
    }
    if (wanted("build")) {
      report.add(builds());
    }
    if (wanted("buildx")) {
      BuildBench.run(engines, distribution, scratch, rounds).forEach(report::add);
    }
    if (wanted("ps")) {
      report.add(lists(kemas));
    }
    if (wanted("pull") && Registry.referenceInstalled()) {
      new PullPush(engines, scratch, port, Math.min(rounds, 3)).run().forEach(report::add);
    }
    if (wanted("registry")) {
      try (RegistryBench registries = new RegistryBench(distribution, scratch, rounds)) {
        registries.addTo(report);
      }
    }
    report.idle(kemas.residentBytes());
    return report;
  }

  private boolean wanted(String part) {
    return only.isEmpty() || only.contains(part);
  }

  private Path rootfs() throws IOException {
    Path root = scratch.resolve("rootfs");
    for (String folder : List.of("bin", "proc", "sys", "dev", "etc", "tmp")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String applet : List.of("sh", "true", "sleep", "echo")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    return root;
  }

  private Measure runs(String what, Optional<Path> floor, String... flags) throws IOException {
    Measure measure = new Measure(what);
    for (Engine engine : engines) {
      List<String> command = engine.docker("run", "--rm");
      command.addAll(List.of(flags));
      command.addAll(List.of("busybox", "true"));
      measure.on(engine.name(), () -> Shell.time(command));
    }
    if (floor.isPresent()) {
      addFloor(measure, floor.get());
    }
    return measure.run(rounds);
  }

  /** The bare runtime on the same root file system: nothing an engine does can be faster. */
  private void addFloor(Measure measure, Path root) throws IOException {
    Path bundle = Files.createDirectories(scratch.resolve("bundle"));
    Shell.run(
        List.of(
            "sh",
            "-c",
            "cd \"$1\" && rm -f config.json && runc spec && sed -i"
                + " -e 's/\"terminal\": true/\"terminal\": false/'"
                + " -e 's/\"sh\"/\"true\"/'"
                + " -e 's|\"path\": \"rootfs\"|\"path\": \"'\"$2\"'\"|'"
                + " -e '/\"rlimits\"/,/\\]/d' config.json",
            "sh",
            bundle.toString(),
            root.toString()));
    String name = "floor-" + ProcessHandle.current().pid();
    List<String> command =
        List.of(
            "runc",
            "--root",
            scratch.resolve("runc").toString(),
            "run",
            "-b",
            bundle.toString(),
            name);
    measure.on("bare runc", () -> Shell.time(command));
  }

  private Measure execs() {
    Measure measure = new Measure("exec true");
    for (Engine engine : engines) {
      Shell.run(engine.docker("run", "-d", "--name", "target", "busybox", "sleep", "100000"));
      measure.on(engine.name(), () -> Shell.time(engine.docker("exec", "target", "true")));
    }
    measure.run(rounds);
    engines.forEach(engine -> Shell.run(engine.docker("rm", "-f", "target")));
    return measure;
  }

  private Measure loads() throws IOException {
    Path content = Files.createDirectories(scratch.resolve("big"));
    Random random = new Random(7);
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < IMAGE_MEGABYTES; i++) {
      random.nextBytes(megabyte);
      Files.write(content.resolve("file" + i), megabyte);
    }
    Path tar = scratch.resolve("big.tar");
    Path saved = scratch.resolve("saved.tar");
    Shell.run(List.of("tar", "-C", content.toString(), "-cf", tar.toString(), "."));
    Engine first = engines.getLast();
    Shell.run(first.docker("import", tar.toString(), "big:1"));
    Shell.run(first.docker("save", "-o", saved.toString(), "big:1"));
    Shell.run(first.docker("rmi", "big:1"));
    Measure measure = new Measure("load of a saved 200 MB image");
    for (Engine engine : engines) {
      measure.on(
          engine.name(),
          () -> {
            double millis = Shell.time(engine.docker("load", "-i", saved.toString()));
            Shell.run(engine.docker("rmi", "big:1"));
            return millis;
          });
    }
    measure.on("tar -x and sha256sum", () -> floorOfLoad(tar));
    return measure.run(Math.min(rounds, 5));
  }

  /** Of the image that {@link #loads} has made the archive of. */
  private Measure saves() {
    Path saved = scratch.resolve("saved.tar");
    Path again = scratch.resolve("again.tar");
    Measure measure = new Measure("save of a 200 MB image");
    for (Engine engine : engines) {
      Shell.run(engine.docker("load", "-i", saved.toString()));
      measure.on(
          engine.name(),
          () -> {
            double millis = Shell.time(engine.docker("save", "-o", again.toString(), "big:1"));
            Shell.run(List.of("rm", again.toString()));
            return millis;
          });
    }
    measure.on(
        "cp",
        () -> {
          double millis = Shell.time(List.of("cp", saved.toString(), again.toString()));
          Shell.run(List.of("rm", again.toString()));
          return millis;
        });
    measure.run(Math.min(rounds, 5));
    engines.forEach(engine -> Shell.run(engine.docker("rmi", "big:1")));
    return measure;
  }

  private double floorOfLoad(Path tar) {
    Path target = scratch.resolve("extracted");
    double millis =
        Shell.time(
            List.of(
                "sh",
                "-c",
                "mkdir \"$2\" && tar -C \"$2\" -xf \"$1\" && sha256sum \"$1\"",
                "sh",
                tar.toString(),
                target.toString()));
    Shell.run(List.of("rm", "-rf", target.toString()));
    return millis;
  }

  private Measure builds() throws IOException {
    Path context = Files.createDirectories(scratch.resolve("context"));
    StringBuilder text = new StringBuilder("FROM busybox\n");
    for (int i = 1; i < STEPS; i++) {
      text.append(i % 2 == 0 ? "RUN echo " + i + " > /f" + i : "ENV STEP" + i + "=" + i)
          .append('\n');
    }
    Files.writeString(context.resolve("Dockerfile"), text);
    Measure measure = new Measure("fully cached build of 20 steps");
    for (Engine engine : engines) {
      List<String> command = engine.docker("build", "-q", "-t", "steps", context.toString());
      Shell.run(command);
      measure.on(engine.name(), () -> Shell.time(command));
    }
    return measure.run(rounds);
  }

  private Measure lists(Engine kemas) {
    Shell.run(kemas.docker("run", "-d", "--name", "listed", "busybox", "sleep", "100000"));
    List<String> own =
        List.of(
            distribution.resolve("bin/kemas").toString(),
            "-H",
            "unix://" + kemas.home().resolve("s"),
            "ps");
    return new Measure("ps as a process, one container")
        .on("kemas ps", () -> Shell.time(own))
        .on("docker ps", () -> Shell.time(kemas.docker("ps")))
        .run(rounds * 2);
  }
}
