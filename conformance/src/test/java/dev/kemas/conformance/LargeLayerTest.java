package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A layer of more than 4 GiB, also when it is packed, moves through everything while memory stays
 * small. It writes about 30 GB and is therefore not among the usual tests: {@code make large}.
 */
@Tag("large")
final class LargeLayerTest {
  private static final long SIZE = 4_400_000_000L;
  private static final long MOST_MEMORY = 256L << 20;

  /** The most that a process has had in memory so far. */
  private static long peak(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static String shell(String script, String... args)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("bash", "-c", "set -eo pipefail;" + script, "bash"));
    line.addAll(List.of(args));
    return Command.of(line.toArray(String[]::new)).run().expect(0).out().strip();
  }

  @Test
  void it_is_imported_pushed_served_pulled_saved_and_loaded() throws Exception {
    try (Daemon daemon = Daemon.start();
        OwnRegistry registry = OwnRegistry.open()) {
      String docker = "docker -H " + daemon.address();
      String name = registry.host() + "/large:1";
      // what cannot be compressed stays larger than 4 GiB as gzip too
      Path big = daemon.home().resolve("big");
      String sum =
          shell(
              "head -c $2 /dev/urandom" + " | tee $1 | sha256sum | cut -c1-64",
              big.toString(),
              Long.toString(SIZE));
      Files.copy(Path.of("/bin/busybox"), daemon.home().resolve("busybox"));
      shell(
          "tar -C $1 -c big busybox | " + docker + " import - $2", daemon.home().toString(), name);
      Files.delete(big);
      String before = diffId(daemon, name);

      daemon.ok("docker", "push", name);
      daemon.ok("docker", "rmi", name);
      daemon.ok("docker", "pull", name);
      assertThat(diffId(daemon, name)).isEqualTo(before);
      assertThat(daemon.ok("docker", "run", "--rm", name, "/busybox", "sha256sum", "/big"))
          .startsWith(sum);

      Path saved = daemon.home().resolve("saved.tar");
      daemon.ok("docker", "save", "-o", saved.toString(), name);
      daemon.ok("docker", "rmi", name);
      daemon.ok("docker", "load", "-i", saved.toString());
      Files.delete(saved);
      assertThat(diffId(daemon, name)).isEqualTo(before);
      daemon.ok("docker", "rmi", name);

      long pid = Long.parseLong(Files.readString(daemon.home().resolve("d.pid")).strip());
      System.out.printf(
          "a layer of %d bytes: the daemon had at most %d MB in memory, the registry %d MB%n",
          SIZE, peak(pid) / 1_000_000, peak(registry.pid()) / 1_000_000);
      assertThat(peak(registry.pid())).isLessThan(MOST_MEMORY);
      assertThat(peak(pid)).isLessThan(MOST_MEMORY + (64L << 20));
    }
  }

  private static String diffId(Daemon daemon, String name)
      throws IOException, InterruptedException {
    return daemon.ok("docker", "image", "inspect", "-f", "{{index .RootFS.Layers 0}}", name);
  }
}
