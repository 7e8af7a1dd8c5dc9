package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kemas.conformance.DoorCase.Door;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every instruction and flag of a Dockerfile through the three doors of the builder: what comes out
 * is the same image at each, is what the case expects, and is what dockerd makes of it.
 */
final class DoorsTest extends Engines {
  private static final String EPOCH = "1700000000";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path context;
  @TempDir Path served;
  @TempDir Path elsewhere;
  @TempDir Path configuration;

  private Buildx buildx;
  private Optional<Daemon> dockerd = Optional.empty();

  @BeforeAll
  static void bothEnginesAreStartedHere() {
    Daemon.kemasOnly("the cases hold dockerd beside Kemas by themselves");
  }

  @BeforeEach
  void plugIn() throws IOException {
    buildx = Buildx.in(daemon, configuration);
  }

  @AfterAll
  void endDockerd() throws IOException {
    if (dockerd.isPresent()) {
      dockerd.get().close();
    }
  }

  static Stream<DoorCase> cases() throws IOException {
    return DoorCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachDoorMakesTheSame(DoorCase wanted) throws IOException, InterruptedException {
    wanted.prepare(context, served);
    try (Served at = Served.of(served)) {
      Map<Door, String> ids = new LinkedHashMap<>();
      for (Door door : wanted.doors()) {
        Command.Result result = build(wanted, door, at).run(context);
        if (wanted.text("fails").isPresent()) {
          assertThat(result.code()).as(result.out() + result.err()).isNotZero();
          assertThat(result.out() + result.err()).contains(wanted.text("fails").get().strip());
        } else {
          result.expect(0);
          ids.put(door, inspect(wanted.tag(suffix(door)), "{{.Id}}"));
        }
      }
      if (ids.isEmpty()) {
        return;
      }
      assertThat(ids.values().stream().distinct()).as(() -> ids + differing(wanted)).hasSize(1);
      expect(wanted, wanted.tag(suffix(wanted.doors().getFirst())));
    }
  }

  static Stream<DoorCase> casesForDockerd() throws IOException {
    return DoorCase.all().filter(c -> c.text("fails").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("casesForDockerd")
  void dockerdMakesTheSame(DoorCase wanted) throws IOException, InterruptedException {
    assumeThat(wanted.text("dockerd"))
        .as("dockerd of Debian 12 cannot: %s", wanted.text("dockerd").orElse(""))
        .isEmpty();
    assumeThat(Command.of("sh", "-c", "command -v dockerd").run().code())
        .as("dockerd, of Debian's docker.io, is installed")
        .isZero();
    if (dockerd.isEmpty()) {
      dockerd = Optional.of(Daemon.dockerd("--bridge", "none", "--iptables=false"));
      Busybox.into(dockerd.get());
    }
    wanted.prepare(context, served);
    withoutFrontend(context.resolve("Dockerfile"));
    try (Served at = Served.of(served)) {
      ImageContent ours = content(wanted, daemon, at);
      ImageContent theirs = content(wanted, dockerd.get(), at);
      assertThat(ours.files()).isEqualTo(theirs.files());
      assertThat(ours.configuration()).isEqualTo(theirs.configuration());
    }
  }

  /** dockerd would fetch the frontend; what it has itself is what it is held against. */
  private static void withoutFrontend(Path dockerfile) throws IOException {
    if (Files.exists(dockerfile)) {
      String text = Files.readString(dockerfile);
      Files.writeString(dockerfile, text.replaceFirst("^# syntax=[^\n]*", "# none"));
    }
  }

  private ImageContent content(DoorCase wanted, Daemon from, Served at)
      throws IOException, InterruptedException {
    Path tar = elsewhere.resolve(from == daemon ? "ours.tar" : "theirs.tar");
    List<String> options = options(wanted, at);
    options.addAll(List.of("--network", "none"));
    String tag = wanted.tag("parity");
    command(from, options, "-t", tag).run(context).expect(0);
    command(from, options, "-o", "type=tar,dest=" + tar).run(context).expect(0);
    return ImageContent.of(tar, from.ok("docker", "image", "inspect", tag), elsewhere);
  }

  private Command command(Daemon to, List<String> options, String... more) {
    List<String> line = new ArrayList<>(List.of("build"));
    line.addAll(options);
    line.addAll(List.of(more));
    line.add(".");
    return buildx.to(to).command(line.toArray(String[]::new));
  }

  /**
   * The door's own way to say the same: the time that nothing of the image is younger than, too.
   */
  private Command build(DoorCase wanted, Door door, Served at) {
    List<String> options = options(wanted, at);
    options.addAll(List.of("--no-cache", "-t", wanted.tag(suffix(door))));
    return switch (door) {
      case KEMAS -> {
        options.addAll(List.of("--source-date-epoch", EPOCH));
        yield daemon.command("kemas", line(options)).withEnvironment(wanted.environment());
      }
      case CLASSIC -> {
        options.addAll(List.of("--build-arg", "SOURCE_DATE_EPOCH=" + EPOCH));
        yield daemon.command("docker", line(options)).withEnvironment(wanted.environment());
      }
      case BUILDX -> {
        Map<String, String> environment = new LinkedHashMap<>(wanted.environment());
        environment.put("SOURCE_DATE_EPOCH", EPOCH);
        yield buildx.command(line(options)).withEnvironment(environment);
      }
    };
  }

  private static String[] line(List<String> options) {
    List<String> line = new ArrayList<>(List.of("build"));
    line.addAll(options);
    line.add(".");
    return line.toArray(String[]::new);
  }

  private static List<String> options(DoorCase wanted, Served at) {
    List<String> options = new ArrayList<>(wanted.strings("options"));
    at.addresses()
        .forEach((name, value) -> options.addAll(List.of("--build-arg", name + "=" + value)));
    return options;
  }

  private static String suffix(Door door) {
    return door.name().toLowerCase(java.util.Locale.ROOT);
  }

  private void expect(DoorCase wanted, String image) throws IOException, InterruptedException {
    if (wanted.text("prints").isPresent()) {
      assertThat(docker("run", "--rm", "--network", "none", image))
          .isEqualTo(wanted.text("prints").get());
    }
    if (!wanted.map("image").isEmpty()) {
      JsonNode inspected = JSON.readTree(docker("image", "inspect", image)).get(0);
      for (Map.Entry<?, ?> field : wanted.map("image").entrySet()) {
        JsonNode value = inspected.at("/" + String.valueOf(field.getKey()).replace('.', '/'));
        assertThat(value)
            .as("%s", field.getKey())
            .isEqualTo(JSON.readTree(JSON.writeValueAsString(field.getValue())));
      }
    }
  }

  /** Of images that are not the same: what of their configurations, histories and files is not. */
  private String differing(DoorCase wanted) {
    List<Path> told = new ArrayList<>();
    try {
      for (Door door : wanted.doors()) {
        String image = wanted.tag(suffix(door));
        Path tar = elsewhere.resolve(suffix(door) + ".tar");
        Path root = Files.createDirectory(elsewhere.resolve(suffix(door)));
        docker("save", "-o", tar.toString(), image);
        Command.of("tar", "-xf", tar.toString(), "-C", root.toString()).run().expect(0);
        String script =
            "docker_layers=$(sed 's/,/\\n/g' manifest.json); echo \"$docker_layers\";"
                + " find . -type f -size +0 | sort | while read f; do echo \"$f\";"
                + " tar --full-time --numeric-owner -tvf \"$f\" 2>/dev/null || sed 's/,/\\n/g' \"$f\"; done";
        String text = Command.of("sh", "-c", script).run(root).expect(0).out();
        told.add(Files.writeString(elsewhere.resolve(suffix(door) + ".txt"), text));
      }
      StringBuilder all = new StringBuilder();
      for (Path other : told.subList(1, told.size())) {
        all.append('\n')
            .append(Command.of("diff", told.getFirst().toString(), other.toString()).run().out());
      }
      return all.toString();
    } catch (IOException | InterruptedException e) {
      return " (and cannot be compared: " + e + ")";
    }
  }
}
