package dev.kemas.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Builds with the stock command and buildx, which drives the builder behind an engine's socket:
 * ours, or the BuildKit in dockerd.
 */
final class BuildBench {
  private static final int STEPS = 20;
  private static final int FILES = 10_000;
  private static final int FILE_BYTES = 50_000;
  private static final int STAGES = 8;

  private final List<Engine> engines;
  private final Path distribution;
  private final Path scratch;
  private final int rounds;
  private final Path config;
  private int counter;

  private BuildBench(List<Engine> engines, Path distribution, Path scratch, int rounds, Path buildx)
      throws IOException {
    this.engines = engines.stream().filter(engine -> !engine.name().equals("podman")).toList();
    this.distribution = distribution;
    this.scratch = scratch;
    this.rounds = rounds;
    this.config = Files.createDirectories(scratch.resolve("docker-config"));
    Path plugins = Files.createDirectories(config.resolve("cli-plugins"));
    Files.createSymbolicLink(plugins.resolve("docker-buildx"), buildx);
  }

  /** Measures if there is a buildx. */
  static List<Measure> run(List<Engine> engines, Path distribution, Path scratch, int rounds)
      throws IOException {
    Optional<Path> buildx = Shell.which("buildx");
    if (buildx.isEmpty()) {
      System.err.println("buildx is missing: builds through it are not measured");
      return List.of();
    }
    BuildBench bench = new BuildBench(engines, distribution, scratch, rounds, buildx.get());
    List<Measure> measures = new ArrayList<>();
    measures.add(bench.steps());
    measures.add(bench.cachedSteps());
    measures.addAll(bench.copies());
    measures.add(bench.diamond());
    return measures;
  }

  private List<String> buildx(Engine engine, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of("env", "DOCKER_BUILDKIT=1", "DOCKER_CONFIG=" + config, "docker", "-H"));
    command.add("unix://" + engine.home().resolve("s"));
    command.add("build");
    command.addAll(List.of(args));
    return command;
  }

  private List<String> own(Engine kemas, String... args) {
    List<String> command =
        new ArrayList<>(List.of(distribution.resolve("bin/kemas").toString(), "-H"));
    command.add("unix://" + kemas.home().resolve("s"));
    command.add("build");
    command.addAll(List.of(args));
    return command;
  }

  private static String name(Engine engine) {
    return engine.name().equals("dockerd") ? "BuildKit in dockerd" : engine.name();
  }

  private Path recipe(String folder, String text) throws IOException {
    Path context = Files.createDirectories(scratch.resolve(folder));
    Files.writeString(context.resolve("Dockerfile"), text);
    return context;
  }

  private Path stepsContext() throws IOException {
    StringBuilder text = new StringBuilder("FROM busybox\nARG N\n");
    for (int i = 1; i <= STEPS; i++) {
      text.append("RUN echo ").append(i).append(" > /f").append(i).append('\n');
    }
    return recipe("steps", text.toString());
  }

  private String fresh() {
    counter++;
    return "N=" + counter;
  }

  private Measure steps() throws IOException {
    String context = stepsContext().toString();
    Measure measure = new Measure("build of 20 cold trivial RUN steps");
    for (Engine engine : engines) {
      measure.on(
          name(engine),
          () -> Shell.time(buildx(engine, "-q", "-t", "cold", "--build-arg", fresh(), context)));
    }
    for (Engine engine : engines) {
      measure.on(
          engine.name() + ", classic",
          () ->
              Shell.time(
                  engine.docker("build", "-q", "-t", "cold", "--build-arg", fresh(), context)));
    }
    return measure.run(Math.min(rounds, 5));
  }

  private Measure cachedSteps() throws IOException {
    String context = stepsContext().toString();
    Measure measure = new Measure("the same, fully cached");
    for (Engine engine : engines) {
      List<String> command = buildx(engine, "-q", "-t", "warm", "--build-arg", "N=0", context);
      measure.on(name(engine), () -> Shell.time(command));
    }
    Engine kemas = engines.getFirst();
    List<String> own = own(kemas, "-q", "-t", "warm", "--build-arg", "N=0", context);
    measure.on("kemas build", () -> Shell.time(own));
    return measure.run(rounds);
  }

  private Path files(String folder) throws IOException {
    Path context = recipe(folder, "FROM busybox\nCOPY . /files/\n");
    Random random = new Random(11);
    byte[] content = new byte[FILE_BYTES];
    random.nextBytes(content);
    for (int i = 0; i < FILES; i++) {
      Path file = context.resolve("d" + i % 100).resolve("f" + i);
      if (i < 100) {
        Files.createDirectories(file.getParent());
      }
      ByteBuffer.wrap(content).putInt(i).putInt(random.nextInt());
      Files.write(file, content);
    }
    return context;
  }

  /** A folder that was never seen, with files that were; then the same; then one file changed. */
  private List<Measure> copies() throws IOException {
    Path first = files("files");
    Measure cold = new Measure("COPY of 500 MB in 10,000 files, cold");
    for (Engine engine : engines) {
      cold.on(
          name(engine),
          () -> {
            Shell.run(engine.docker("builder", "prune", "-af"));
            counter++;
            Path moved = scratch.resolve("files-" + counter);
            Shell.run(List.of("cp", "-a", "--reflink=auto", first.toString(), moved.toString()));
            double millis = Shell.time(buildx(engine, "-q", "-t", "files", moved.toString()));
            Shell.run(List.of("rm", "-rf", moved.toString()));
            return millis;
          });
    }
    cold.on(
        "reading and hashing",
        () ->
            Shell.time(
                List.of(
                    "sh",
                    "-c",
                    "find \"$1\" -type f -print0 | xargs -0 -P2 -n500 sha256sum >/dev/null",
                    "sh",
                    first.toString())));
    Measure same = new Measure("COPY of 500 MB again, nothing changed");
    Measure changed = new Measure("COPY of 500 MB again, one file changed");
    for (Engine engine : engines) {
      List<String> command = buildx(engine, "-q", "-t", "files", first.toString());
      same.on(name(engine), () -> Shell.time(command));
      changed.on(
          name(engine),
          () -> {
            counter++;
            write(first.resolve("d1/f1"), "changed " + counter);
            return Shell.time(command);
          });
    }
    int few = Math.min(rounds, 3);
    return List.of(cold.run(few), same.run(few), changed.run(few));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Each stage works a processor; two stages at once take half the time of one by one. */
  private Measure diamond() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= STAGES; i++) {
      text.append("FROM busybox AS s").append(i).append("\nARG N\n");
      text.append("RUN i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo $i > /r").append(i);
      text.append('\n');
    }
    text.append("FROM busybox\n");
    for (int i = 1; i <= STAGES; i++) {
      text.append("COPY --from=s").append(i).append(" /r").append(i).append(" /\n");
    }
    String context = recipe("diamond", text.toString()).toString();
    Measure measure = new Measure("a diamond of 8 stages that keep a processor busy");
    for (Engine engine : engines) {
      measure.on(
          name(engine),
          () -> Shell.time(buildx(engine, "-q", "-t", "diamond", "--build-arg", fresh(), context)));
    }
    Engine kemas = engines.getFirst();
    measure.on(
        "one of them alone, eight times",
        () ->
            STAGES
                * Shell.time(
                    buildx(kemas, "-q", "--target", "s1", "--build-arg", fresh(), context)));
    return measure.run(Math.min(rounds, 3));
  }
}
