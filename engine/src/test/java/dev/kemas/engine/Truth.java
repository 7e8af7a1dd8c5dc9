package dev.kemas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.fault.Fault;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.network.Network;
import dev.kemas.network.Sandbox;
import dev.kemas.snapshot.SnapshotInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether what an engine says is what is there: processes, mounts, cgroups, links, folders. */
record Truth(Lab lab) {
  /**
   * Holds the records against the machine, and finds what belongs to nobody; an end that is just
   * being recorded has its time.
   */
  void check() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (true) {
      try {
        checkNow();
        return;
      } catch (AssertionError | Fault.NotFound notYet) {
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private void checkNow() {
    lab.networks.settle();
    for (Container container : lab.engine.containers()) {
      switch (container.state()) {
        case ContainerState.Running r -> alive(container, false);
        case ContainerState.Paused p -> alive(container, true);
        case ContainerState.Created c -> quiet(container);
        case ContainerState.Exited e -> quiet(container);
        case ContainerState.Restarting r -> throw new AssertionError("restarting: " + container);
        case ContainerState.Removing r -> throw new AssertionError("removing: " + container);
      }
    }
    Set<String> known =
        lab.engine.containers().stream().map(Container::id).collect(Collectors.toSet());
    assertThat(names(lab.data.resolve("containers"))).as("folders").isSubsetOf(known);
    List<String> active = new ArrayList<>();
    lab.snapshots.walk(info -> {
      if (info.kind() == SnapshotInfo.Kind.ACTIVE) {
        active.add(info.name().value());
      }
    });
    assertThat(active).as("snapshots").containsExactlyInAnyOrderElementsOf(known);
    Set<String> alive =
        lab.engine.containers().stream()
            .filter(c -> c.state().isAlive())
            .map(Container::id)
            .collect(Collectors.toSet());
    assertThat(names(lab.folder.resolve("exec/runtime/crun"))).as("runtime").isEqualTo(alive);
    assertThat(names(lab.folder.resolve("exec/runtime/exits"))).as("exit codes").isSubsetOf(known);
    assertThat(lab.networks.sandboxes().stream().map(Sandbox::id))
        .as("sandboxes")
        .containsExactlyInAnyOrderElementsOf(alive);
    assertThat(names(lab.folder.resolve("exec/netns")))
        .as("network namespaces")
        .hasSizeLessThanOrEqualTo(alive.size());
    long wired =
        lab.networks.sandboxes().stream()
            .flatMap(e -> e.endpoints().stream())
            .filter(e -> !e.networkName().equals(Network.NONE))
            .count();
    // the kernel takes the links of a namespace away some time after the namespace
    assertThat(hostLinks().stream().filter(l -> l.startsWith("ve")))
        .as("host ends of links")
        .hasSize((int) wired);
    assertThat(anonymousVolumes()).as("anonymous volumes").isEqualTo(mounted());
  }

  private Set<String> anonymousVolumes() {
    return lab.volumes.list().stream()
        .map(v -> v.name())
        .filter(name -> name.length() == 64)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> mounted() {
    return lab.engine.containers().stream()
        .flatMap(c -> c.mounts().stream())
        .filter(MountPoint::anonymous)
        .map(MountPoint::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> hostLinks() {
    try (NetworkNamespace host = NetworkNamespace.open(lab.folder.resolve("host"));
        Rtnetlink links = Rtnetlink.open(host)) {
      return links.links().stream().map(LinkInfo::name).toList();
    }
  }

  private void alive(Container container, boolean frozen) {
    int pid = container.state().processId();
    assertThat(inCgroupOf(container.id())).as("processes of " + container).contains(pid);
    assertThat(Cgroups.detect().ofProcess(pid).isFrozen()).as("frozen").isEqualTo(frozen);
    assertThat(MountTable.isMountPoint(folder(container).rootfs())).isTrue();
    Sandbox sandbox = lab.engine.sandbox(container.id()).orElseThrow();
    assertThat(sandbox.container().name()).isEqualTo(container.name());
    Set<String> wanted = new TreeSet<>(container.networking().endpoints().keySet());
    wanted.add(NetworkPlan.mode(container.host().networkMode()));
    assertThat(sandbox.endpoints().stream().map(e -> e.networkName()))
        .as("networks")
        .containsExactlyInAnyOrderElementsOf(wanted);
    long memory = container.host().resources().memory();
    OptionalLong limit = Cgroups.detect().ofProcess(pid).stats().memory().limit();
    assertThat(limit).isEqualTo(memory > 0 ? OptionalLong.of(memory) : OptionalLong.empty());
  }

  private ContainerFolder folder(Container container) {
    return ContainerFolder.of(lab.data, container.id());
  }

  private void quiet(Container container) {
    assertThat(processes(container.id())).as("processes of " + container).isEmpty();
    assertThat(MountTable.isMountPoint(folder(container).rootfs())).as("mounted").isFalse();
    assertThat(Cgroups.detect().at("/kemas-" + lab.instance + "/" + container.id()).exists())
        .as("its cgroup")
        .isFalse();
  }

  /** Processes that are in a container, or about it. */
  private static Set<Integer> processes(String id) {
    Set<Integer> all = inCgroupOf(id);
    all.addAll(whose("cmdline", id));
    return all;
  }

  private static Set<Integer> inCgroupOf(String id) {
    return whose("cgroup", id);
  }

  private static Set<Integer> whose(String file, String text) {
    Set<Integer> pids = new TreeSet<>();
    ProcessHandle.allProcesses()
        .forEach(p -> {
          try {
            Path path = Path.of("/proc/" + p.pid() + "/" + file);
            if (Files.readString(path, StandardCharsets.ISO_8859_1).contains(text)) {
              pids.add((int) p.pid());
            }
          } catch (IOException ended) {
            pids.remove((int) p.pid());
          }
        });
    return pids;
  }

  static Set<String> names(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(p -> p.getFileName().toString()).collect(Collectors.toSet());
    } catch (NoSuchFileException none) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
