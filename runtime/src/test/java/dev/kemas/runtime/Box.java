package dev.kemas.runtime;

import dev.kemas.oci.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A root file system of busybox, and the plainest specification that runs in it. */
final class Box {
  private static final List<String> APPLETS =
      List.of("sh", "cat", "echo", "sleep", "seq", "true", "stty", "tty", "yes", "head", "dd");

  private final Path folder;
  private final String id;

  /**
   * @param folder an empty folder to build in
   * @param id the container's
   */
  Box(Path folder, String id) throws IOException {
    this.folder = folder;
    this.id = id;
    Path root = folder.resolve("rootfs");
    if (Files.exists(root)) {
      return;
    }
    for (String sub : List.of("bin", "proc", "dev", "sys", "tmp", "etc")) {
      Files.createDirectories(root.resolve(sub));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.writeString(root.resolve("etc/text"), "no program");
  }

  /** A runtime over the state folder beside the root file system. */
  ContainerRuntime open(String runtime) {
    return ContainerRuntime.open(
        new RuntimeSettings(folder.resolve("state"), "kt", runtime, Map.of()));
  }

  RuntimeSpec spec(boolean terminal, String... args) {
    return new RuntimeSpec(
        RuntimeSpec.VERSION,
        Optional.of(process(terminal, args)),
        new RuntimeSpec.Root(folder.resolve("rootfs").toString(), false),
        Optional.of("box"),
        Optional.empty(),
        List.of(
            RuntimeSpec.Mount.of("/proc", "proc", "proc"),
            RuntimeSpec.Mount.of("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755"),
            RuntimeSpec.Mount.of("/dev/pts", "devpts", "devpts", "newinstance", "ptmxmode=0666")),
        Optional.empty(),
        new TreeMap<>(),
        Optional.of(
            new RuntimeSpec.Linux(
                List.of(),
                List.of(),
                new TreeMap<>(),
                Optional.empty(),
                Optional.of("/kt/" + id),
                List.of(
                    RuntimeSpec.Namespace.fresh("pid"),
                    RuntimeSpec.Namespace.fresh("mount"),
                    RuntimeSpec.Namespace.fresh("ipc"),
                    RuntimeSpec.Namespace.fresh("uts"),
                    RuntimeSpec.Namespace.fresh("network")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty())));
  }

  static RuntimeSpec.Process process(boolean terminal, String... args) {
    return new RuntimeSpec.Process(
        terminal,
        Optional.empty(),
        RuntimeSpec.User.root(),
        List.of(args),
        List.of("PATH=/bin"),
        "/",
        Optional.empty(),
        List.of(),
        false,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  /** Removes the cgroup above the containers', once they are gone. */
  static void removeCgroups() throws IOException {
    try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        Path folder = hierarchy.resolve("kt");
        if (Files.isDirectory(folder)) {
          try {
            Files.delete(folder);
          } catch (IOException e) {
            // another test's container is in it
            continue;
          }
        }
      }
    }
  }
}
