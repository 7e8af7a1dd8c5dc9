package dev.kemas.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one daemon has on the machine: mounts, links, rules, cgroups, processes. They are found by
 * its roots and by the word that stands for it in the kernel's names, so that other engines beside
 * it do not count.
 */
final class Footprint {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int CGROUP_DEPTH = 4;
  private static final int WORD = 6;

  private final String home;
  private final String word;

  private Footprint(Path home, Path dataRoot) throws IOException {
    this.home = home.toString();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(dataRoot.toString().getBytes(StandardCharsets.UTF_8));
      this.word = HexFormat.of().formatHex(hash).substring(0, WORD);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  /** The footprint of a daemon. */
  static Footprint of(Daemon daemon) throws IOException {
    return new Footprint(daemon.home(), daemon.dataRoot());
  }

  /** Waits until nothing of it is there; says what is, if it stays. */
  void awaitNothing() {
    List<String> left = new ArrayList<>();
    try {
      Wait.until(
          "nothing is left behind",
          Duration.ofSeconds(20),
          () -> {
            left.clear();
            left.addAll(now());
            return left.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError("left behind: " + String.join("\n", left), e);
    }
  }

  /** What is there now, a line each. */
  List<String> now() throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      add(found, "mount", line.split(" ")[1]);
    }
    try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
      links.forEach(p -> add(found, "link", p.getFileName().toString()));
    }
    for (String table : Command.of("nft", "list", "tables").run().expect(0).out().split("\n")) {
      add(found, "table", table);
    }
    addCgroups(found);
    ProcessHandle.allProcesses()
        .forEach(p -> p.info().commandLine().ifPresent(c -> add(found, "process", c)));
    return found;
  }

  private void addCgroups(List<String> found) throws IOException {
    List<String> cgroups = new ArrayList<>();
    try (Stream<Path> all = Files.find(CGROUPS, CGROUP_DEPTH, (p, a) -> a.isDirectory())) {
      all.forEach(p -> add(cgroups, "cgroup", p.toString()));
      found.addAll(cgroups);
    } catch (java.io.UncheckedIOException vanishedWhileWalking) {
      addCgroups(found);
    }
  }

  private void add(List<String> found, String kind, String text) {
    if (text.contains(home) || text.contains(word)) {
      found.add(kind + " " + text);
    }
  }
}
