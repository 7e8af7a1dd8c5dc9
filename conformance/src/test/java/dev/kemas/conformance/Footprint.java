package dev.kemas.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What engines leave on a machine: mounts, links, rules, cgroups, processes. Two of them are
 * compared to see that nothing was left behind.
 */
record Footprint(
    Set<String> mounts,
    Set<String> links,
    Set<String> tables,
    Set<String> cgroups,
    Set<String> processes) {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int CGROUP_DEPTH = 4;

  static Footprint take() throws IOException, InterruptedException {
    return new Footprint(readMounts(), readLinks(), readTables(), readCgroups(), readProcesses());
  }

  /** Waits until nothing is there that was not there before; says what is, if it stays. */
  static void awaitSameAs(Footprint before) {
    List<String> left = new ArrayList<>();
    try {
      Wait.until(
          "nothing is left behind",
          Duration.ofSeconds(20),
          () -> {
            left.clear();
            left.addAll(take().without(before));
            return left.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError("left behind: " + String.join("\n", left), e);
    }
  }

  private List<String> without(Footprint before) {
    List<String> more = new ArrayList<>();
    add(more, "mount", mounts, before.mounts);
    add(more, "link", links, before.links);
    add(more, "table", tables, before.tables);
    add(more, "cgroup", cgroups, before.cgroups);
    add(more, "process", processes, before.processes);
    return more;
  }

  private static void add(List<String> more, String kind, Set<String> now, Set<String> before) {
    now.stream().filter(x -> !before.contains(x)).forEach(x -> more.add(kind + " " + x));
  }

  private static Set<String> readMounts() throws IOException {
    Set<String> mounts = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      mounts.add(line.split(" ")[1]);
    }
    return mounts;
  }

  private static Set<String> readLinks() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/sys/class/net"))) {
      return new TreeSet<>(links.map(p -> p.getFileName().toString()).toList());
    }
  }

  private static Set<String> readTables() throws IOException, InterruptedException {
    return new TreeSet<>(
        List.of(Command.of("nft", "list", "tables").run().expect(0).out().split("\n")));
  }

  private static Set<String> readCgroups() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> all = Files.find(CGROUPS, CGROUP_DEPTH, (p, a) -> a.isDirectory())) {
      all.map(Path::toString).forEach(found::add);
    } catch (java.io.UncheckedIOException vanishedWhileWalking) {
      return readCgroups();
    }
    return found;
  }

  /** Processes that work for an engine: found by what they are called with. */
  private static Set<String> readProcesses() {
    Set<String> found = new TreeSet<>();
    ProcessHandle.allProcesses()
        .forEach(p -> {
          Optional<String> line = p.info().commandLine();
          if (line.isPresent()
              && (line.get().contains("kemas-e2e-") || line.get().contains("conmon"))) {
            found.add(p.pid() + " " + line.get());
          }
        });
    return found;
  }
}
