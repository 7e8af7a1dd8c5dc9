package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.spec.SpecInput.HostDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Device nodes of the host, as a RUN may get them. */
final class HostNodes {
  private static final Path DEV = Path.of("/dev");

  /** File systems and nodes of the container's own. */
  private static final Set<String> OWN =
      Set.of("/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/console");

  private HostNodes() {}

  /** All, for a RUN with every privilege. */
  static List<HostDevice> all() {
    List<HostDevice> found = new ArrayList<>();
    collect(DEV, found);
    return found;
  }

  private static void collect(Path folder, List<HostDevice> into) {
    try (Directory directory = Directory.open(folder)) {
      for (Directory.Entry entry : directory.list()) {
        Path path = folder.resolve(entry.name());
        if (OWN.contains(path.toString())) {
          continue;
        }
        if (entry.type() == FileType.DIRECTORY) {
          collect(path, into);
        } else {
          directory
              .stat(entry.name())
              .flatMap(stat -> device(stat, path.toString(), "rwm"))
              .ifPresent(into::add);
        }
      }
    }
  }

  /**
   * One node.
   *
   * @throws Fault.NotFound when it is not there or is no device
   */
  static HostDevice of(Path host, String target, String access) {
    Path parent = host.getParent();
    Path name = host.getFileName();
    if (parent == null || name == null) {
      throw new Fault.InvalidArgument(host + " is no device");
    }
    try (Directory folder = Directory.open(parent)) {
      return folder
          .stat(name.toString())
          .flatMap(stat -> device(stat, target, access))
          .orElseThrow(() ->
              new Fault.NotFound(
                  "device", host.toString(), "%s is no device of this host".formatted(host)));
    }
  }

  private static Optional<HostDevice> device(Stat stat, String target, String access) {
    boolean character = stat.type() == FileType.CHARACTER_DEVICE;
    if (!character && stat.type() != FileType.BLOCK_DEVICE) {
      return Optional.empty();
    }
    RuntimeSpec.Device node =
        new RuntimeSpec.Device(
            character ? "c" : "b",
            target,
            OptionalLong.of(stat.specialMajor()),
            OptionalLong.of(stat.specialMinor()),
            OptionalInt.of(stat.permissions()),
            OptionalLong.of(stat.uid()),
            OptionalLong.of(stat.gid()));
    return Optional.of(new HostDevice(node, access));
  }
}
