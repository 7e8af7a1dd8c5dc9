package dev.kemas.build;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.linux.Capabilities;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.linux.ResourceLimits;
import dev.kemas.network.NetworkRecords;
import dev.kemas.network.NetworkSettings;
import dev.kemas.network.Networks;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.RuntimeSettings;
import dev.kemas.spec.HostFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The real runtime and real networks, on a host of the test's own: a network namespace plays the
 * host, so that the machine's links and rules are left alone.
 */
final class RealHost implements AutoCloseable {
  private static final List<String> APPLETS =
      List.of(
          "sh", "cat", "echo", "sleep", "true", "false", "id", "touch", "ls", "mkdir", "rm", "kill",
          "ip", "env", "pwd", "chmod", "head", "wc", "test", "printf", "ln", "mv", "cp");

  final ContainerRuntime runtime;
  final Networks networks;
  final Path folder;
  final String cgroup;

  RealHost(Path folder) throws IOException {
    this.folder = folder;
    this.cgroup = "/kt-build-" + Integer.toHexString(folder.hashCode());
    Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
    if (!NetworkNamespace.isNamespace(folder.resolve("host"))) {
      NetworkNamespace.create(folder.resolve("host")).close();
    }
    runtime =
        ContainerRuntime.open(new RuntimeSettings(folder.resolve("state"), "kt", "", Map.of()));
    networks =
        Networks.open(
            NetworkSettings.of("ktb", folder.resolve("exec"))
                .withHostNamespace(folder.resolve("host"))
                .withResolvConf(folder.resolve("resolv.conf"))
                .withSpares(0),
            new FileRecords(Files.createDirectories(folder.resolve("networks"))));
    networks.reconcile(Set.of());
  }

  RuntimeExecutor executor() {
    return new RuntimeExecutor(
        runtime, networks, facts(), new KernelMounter(), folder.resolve("bundles"), cgroup);
  }

  static HostFacts facts() {
    Map<String, Long> hard = new TreeMap<>();
    if (!Capabilities.effective().contains("CAP_SYS_RESOURCE")) {
      ResourceLimits.all().forEach((name, limit) -> hard.put(name, limit.hard()));
    }
    return new HostFacts(
        Capabilities.effective(),
        true,
        Cgroups.detect().layout() == Cgroups.Layout.V2,
        true,
        Optional.empty(),
        hard,
        false,
        "amd64");
  }

  /** Lays a small system down: busybox and what it is called. */
  static void busybox(Path root) throws IOException {
    for (String name : List.of("bin", "etc", "tmp")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.writeString(
        root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/u:\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nuser:x:1000:\nwheel:x:10:user\n");
  }

  @Override
  public void close() throws IOException {
    try {
      networks.destroy();
      runtime.close();
    } finally {
      NetworkNamespace.remove(folder.resolve("host"));
      removeCgroups();
    }
  }

  private void removeCgroups() throws IOException {
    try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        if (Files.isDirectory(hierarchy)) {
          Files.deleteIfExists(Path.of(hierarchy + cgroup));
        }
      }
    }
    Files.deleteIfExists(Path.of("/sys/fs/cgroup" + cgroup));
  }

  /** Records that outlive the process. */
  private record FileRecords(Path folder) implements NetworkRecords {
    @Override
    public void put(Entry entry) {
      try {
        Path fresh = Files.createTempFile(folder.getParent(), "record", "");
        Files.writeString(fresh, entry.body());
        Files.move(fresh, file(entry.kind(), entry.id()), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path file(String kind, String id) {
      return folder.resolve(kind + "," + id);
    }

    @Override
    public void delete(String kind, String id) {
      try {
        Files.deleteIfExists(file(kind, id));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<Entry> all() {
      List<Entry> all = new ArrayList<>();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          String[] name = file.getFileName().toString().split(",", 2);
          all.add(new Entry(name[0], name[1], Files.readString(file)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return all;
    }
  }
}
