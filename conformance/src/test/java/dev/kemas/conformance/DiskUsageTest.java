package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine says of the disk, held against what du(1) says. */
final class DiskUsageTest extends Engines {
  private static final Duration BACKGROUND = Duration.ofSeconds(30);

  @BeforeAll
  void onlyKemasCountsAsTheDiskDoes() {
    Daemon.kemasOnly("dockerd counts the sizes of files, and neither logs nor records of layers");
  }

  private JsonNode usage(String query) throws IOException {
    RawHttp.Response answer =
        RawHttp.request(daemon.socket(), "GET", "/v1.51/system/df" + query, "", "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  /** Images, containers, volumes and build cache, each byte once. */
  private long said() throws IOException {
    JsonNode all = usage("");
    long sum = all.get("LayersSize").longValue();
    for (JsonNode container : all.get("Containers")) {
      sum += container.get("SizeRw").longValue();
    }
    for (JsonNode volume : all.get("Volumes")) {
      sum += volume.get("UsageData").get("Size").longValue();
    }
    for (JsonNode entry : all.get("BuildCache")) {
      sum += entry.get("Shared").booleanValue() ? 0 : entry.get("Size").longValue();
    }
    return sum;
  }

  /**
   * All of the data root in bytes, mounts left out, and the engine's records with the library that
   * reads them: they are of nobody's image, and between two checkpoints their journal has up to 4
   * MiB.
   */
  private long onDisk() throws IOException, InterruptedException {
    // a container that writes and a layer that is being deleted make du miss a file and say so
    String out =
        Command.of(
                "du",
                "-sx",
                "--block-size=1",
                "--exclude=kemas.db*",
                "--exclude=" + daemon.dataRoot() + "/lib",
                daemon.dataRoot().toString())
            .run()
            .out();
    return Long.parseLong(out.split("\\s", 2)[0]);
  }

  private long settledOnDisk() throws IOException, InterruptedException {
    Path snapshots = daemon.dataRoot().resolve("snapshots");
    Wait.until(
        "removed layers are deleted",
        BACKGROUND,
        () -> {
          try (var found = Files.list(snapshots)) {
            return found.noneMatch(p -> p.getFileName().toString().endsWith(".gone"));
          }
        });
    return onDisk();
  }

  private void sameAsTheDisk(String when) throws IOException, InterruptedException {
    long disk = settledOnDisk();
    assertThat(said()).as(when).isCloseTo(disk, Percentage.withPercentage(1));
  }

  @Test
  void everythingIsCountedOnceAndAsTheDiskHasIt(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (RealRegistry registry = RealRegistry.open()) {
      loadPullAndBuild(registry, folder);
    }
    sameAsTheDisk("with images and a build cache");

    docker("volume", "create", "data");
    docker(
        "run",
        "-d",
        "--name",
        "writes",
        "-v",
        "data:/v",
        "-v",
        "/anon",
        "busybox",
        "sh",
        "-c",
        "dd if=/dev/zero of=/big bs=1M count=40; for i in $(seq 400); do echo $i > /small-$i; done;"
            + " ln /big /same; dd if=/dev/zero of=/v/f bs=1M count=20; echo x > /anon/x;"
            + " yes abcdefghijklmnopqrstuvwxyz | head -n 200000; echo done > /v/done; sleep 1000");
    Wait.until(
        "the container has written",
        BACKGROUND,
        () -> tryDocker("exec", "writes", "cat", "/v/done").code() == 0);
    docker("run", "--name", "ended", "layers:1", "sh", "-c", "rm -r /many; echo x > /x");
    sameAsTheDisk("with containers and volumes");

    // the container's log is the container's: 5.4 MB of text and what is noted with each line
    JsonNode container = usage("?type=container").get("Containers");
    assertThat(container.findValues("SizeRw").stream().mapToLong(JsonNode::longValue).sum())
        .isGreaterThan((40L << 20) + 200_000 * 27);

    docker("rmi", "-f", "layers:1");
    sameAsTheDisk("when an image that a container uses has lost its name");
    docker("rm", "-f", "ended");
    docker("rmi", "-f", "layers:1", "many:1");
    sameAsTheDisk("when only the build cache keeps layers");

    assertThat(docker("system", "df", "-v"))
        .contains("Images space usage:", "writes", "data", "Build cache usage:")
        .containsPattern("data +1 +2[01]\\.?\\d*MB");
    assertThat(daemon.ok("kemas", "system", "df", "-v"))
        .containsPattern("data +1 +2[01]\\.?\\d*MB");
    gains("builder", "prune", "-af");
    docker("rm", "-fv", "writes");
    gains("volume", "prune", "-af");
    gains("image", "prune", "-af");
    assertThat(said()).isZero();
    Busybox.into(daemon);
  }

  private void loadPullAndBuild(RealRegistry registry, Path folder)
      throws IOException, InterruptedException {
    Path big = folder.resolve("big");
    Files.createDirectory(big);
    for (int i = 0; i < 30; i++) {
      Files.write(big.resolve("f" + i), new byte[2 << 20]);
    }
    Path tar = folder.resolve("big.tar");
    Command.of("tar", "-C", folder.toString(), "-cf", tar.toString(), "big").run().expect(0);
    String pulled = registry.host() + "/big:1";
    docker("import", tar.toString(), pulled);
    docker("push", pulled);
    docker("rmi", pulled);
    docker("pull", pulled);
    Path archive = folder.resolve("box.tar");
    docker("save", "-o", archive.toString(), "busybox");
    docker("load", "-i", archive.toString());
    Path context = Files.createDirectory(folder.resolve("context"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM busybox AS many\n"
            + "RUN mkdir /many && for i in $(seq 3000); do echo $i > /many/$i; done\n"
            + "FROM many\nRUN dd if=/dev/zero of=/zero bs=1M count=30\n");
    docker("build", "-q", "-t", "layers:1", context.toString());
    docker("build", "-q", "-t", "many:1", "--target", "many", context.toString());
  }

  /** Prunes; what it says was won is what the disk gained. */
  private void gains(String kind, String... arguments) throws IOException, InterruptedException {
    long before = settledOnDisk();
    String[] line = new String[arguments.length + 1];
    line[0] = kind;
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    long said = reclaimed(line);
    long won = before - settledOnDisk();
    assertThat((double) said).as(String.join(" ", line)).isCloseTo(won, within(won * 0.01 + 1e5));
    assertThat(won).as(String.join(" ", line)).isPositive();
  }

  private long reclaimed(String... line) throws IOException, InterruptedException {
    String text = docker(line).lines().reduce((a, b) -> b).orElse("");
    assertThat(text).matches("Total.*:\\s+[0-9.e+]+[kMG]?B");
    String size = text.substring(text.indexOf(':') + 1).strip();
    String number = size.replaceAll("[kMG]?B$", "");
    double unit =
        switch (size.substring(number.length())) {
          case "kB" -> 1e3;
          case "MB" -> 1e6;
          case "GB" -> 1e9;
          default -> 1;
        };
    return Math.round(Double.parseDouble(number) * unit);
  }

  @Test
  void onlyWhatIsAskedForIsCounted() throws IOException {
    JsonNode volumes = usage("?type=volume");
    assertThat(volumes.has("Volumes")).isTrue();
    assertThat(volumes.has("Images")).isFalse();
    assertThat(RawHttp.request(daemon.socket(), "GET", "/system/df?type=x", "", "").text())
        .isEqualTo("{\"message\":\"unknown object type: x\"}");
  }

  @Test
  void imagesArePrunedByAgeAndLabel() throws IOException, InterruptedException {
    for (String kind : new String[] {"keep", "drop"}) {
      Command.of("docker", "-H", daemon.address(), "build", "-q", "-t", kind + ":1", "-")
          .withInput(
              ("FROM busybox\nLABEL kind=" + kind + "\nRUN echo " + kind + " > /f\n")
                  .getBytes(StandardCharsets.UTF_8))
          .run()
          .expect(0);
    }
    docker("image", "prune", "-af", "--filter", "until=1h");
    assertThat(docker("images", "-q", "keep:1")).isNotBlank();
    docker("image", "prune", "-af", "--filter", "label=kind=drop");
    assertThat(docker("images", "-q", "drop:1")).isBlank();
    assertThat(docker("images", "-q", "keep:1")).isNotBlank();
    docker("image", "prune", "-af", "--filter", "label!=kind=keep");
    assertThat(docker("images", "-q", "keep:1")).isNotBlank();
    Busybox.into(daemon);
    docker("rmi", "keep:1");
  }
}
