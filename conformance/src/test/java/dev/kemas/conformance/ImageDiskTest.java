package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What image data takes on the disk, and when it goes. */
final class ImageDiskTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  @TempDir Path folder;

  @BeforeEach
  void kemasAlone() {
    Daemon.kemasOnly("dockerd has neither marks for images nor blobs beside its layers");
  }

  private Path noise(String name, int size) throws IOException, InterruptedException {
    byte[] bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    Files.write(folder.resolve(name), bytes);
    Path tar = folder.resolve(name + ".tar");
    Command.of("tar", "-C", folder.toString(), "-cf", tar.toString(), name).run().expect(0);
    Files.delete(folder.resolve(name));
    return tar;
  }

  private static List<Path> largeBlobs(Daemon daemon) throws IOException {
    try (Stream<Path> files = Files.walk(daemon.dataRoot().resolve("content"))) {
      return files.filter(f -> Files.isRegularFile(f) && f.toFile().length() > 1_000_000).toList();
    }
  }

  @Test
  void blobsOfUnpackedLayersGoAndComeBackTheSame() throws IOException, InterruptedException {
    try (RealRegistry one = RealRegistry.open();
        RealRegistry other = RealRegistry.open();
        Daemon daemon = Daemon.start()) {
      daemon.ok("docker", "import", noise("n", 5_000_000).toString(), one.host() + "/n:1");
      String pushed = digest(daemon.ok("docker", "push", one.host() + "/n:1"));
      Path before = folder.resolve("before.tar");
      daemon.ok("docker", "save", "-o", before.toString(), one.host() + "/n:1");
      assertThat(largeBlobs(daemon)).hasSize(1);

      daemon.terminate();
      daemon.restart("--content.keep-compressed=false");
      Wait.until("the blob is dropped", LIMIT, () -> largeBlobs(daemon).isEmpty());
      daemon.kill();
      daemon.restart("--content.keep-compressed=false");
      Path after = folder.resolve("after.tar");
      daemon.ok("docker", "save", "-o", after.toString(), one.host() + "/n:1");
      assertThat(Files.mismatch(before, after)).isEqualTo(-1);

      daemon.ok("docker", "tag", one.host() + "/n:1", other.host() + "/n:1");
      assertThat(digest(daemon.ok("docker", "push", other.host() + "/n:1"))).isEqualTo(pushed);
      Wait.until("the blob is dropped again", LIMIT, () -> largeBlobs(daemon).isEmpty());
      daemon.ok("docker", "rmi", one.host() + "/n:1");
      assertThat(daemon.ok("docker", "pull", other.host() + "/n:1")).contains("up to date");
      assertThat(largeBlobs(daemon)).isEmpty();
      daemon.ok("docker", "rmi", other.host() + "/n:1");
    }
  }

  private static String digest(String pushed) {
    return pushed.replaceAll("(?s).*(sha256:[0-9a-f]{64}).*", "$1");
  }

  @Test
  void unusedImagesGoWhenTheDiskFillsUpAlsoAfterKill() throws IOException, InterruptedException {
    Path image = folder.resolve("disk.img");
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Command.of("truncate", "-s", "400M", image.toString()).run().expect(0);
    Command.of("mkfs.ext4", "-q", "-m", "0", image.toString()).run().expect(0);
    Command.of("mount", "-o", "loop", image.toString(), disk.toString()).run().expect(0);
    try (Daemon daemon = Daemon.startIn(Files.createDirectories(disk.resolve("home")))) {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        Path tar = noise("n" + i, 20_000_000);
        daemon.ok("docker", "import", "-c", "CMD [\"x\"]", tar.toString(), "n:" + i);
        Files.delete(tar);
        names.add("n:" + i);
      }
      daemon.ok("docker", "create", "--name", "user", "n:1");
      daemon.ok("docker", "create", "--name", "was", "n:2");
      daemon.ok("docker", "rm", "was");
      assertThat(names(daemon)).isEqualTo(names);
      daemon.terminate();

      String[] marks = {
        "--content.gc-high=50%",
        "--content.gc-low=30%",
        "--content.gc-min-age=0s",
        "--content.gc-keep=reference=n:4"
      };
      daemon.restart(marks);
      Wait.until("the first image went", LIMIT, () -> !names(daemon).contains("n:3"));
      daemon.kill();
      daemon.restart(marks);
      Wait.until("the disk is used less", LIMIT, () -> usedPercent(disk) <= 30);
      // n:1 has a container, n:4 is kept; the others go in the order of their last use
      assertThat(names(daemon)).contains("n:1", "n:4").doesNotContain("n:3", "n:5");
      assertThat(List.of("n:1", "n:2", "n:4")).containsAll(names(daemon));
      daemon.ok("docker", "rm", "user");
    } finally {
      Command.of("umount", disk.toString()).run().expect(0);
    }
  }

  private static List<String> names(Daemon daemon) throws IOException, InterruptedException {
    return daemon
        .ok("docker", "images", "--format", "{{.Repository}}:{{.Tag}}")
        .lines()
        .sorted()
        .toList();
  }

  private static double usedPercent(Path disk) throws IOException {
    var store = Files.getFileStore(disk);
    double used = (double) store.getTotalSpace() - store.getUnallocatedSpace();
    return 100 * used / (used + store.getUsableSpace());
  }
}
