package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources.DeviceMapping;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.spec.SpecInput.HostDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The host's device nodes that a container gets by {@code --device} or {@code --privileged}. */
final class HostDevices {
  private static final Path DEV = Path.of("/dev");

  private HostDevices() {}

  static List<HostDevice> read(HostConfig host) {
    List<HostDevice> devices = new ArrayList<>();
    if (host.privileged()) {
      collect(DEV, DEV, "rwm", devices);
    }
    for (DeviceMapping mapping : host.resources().devices()) {
      Path source = Path.of(mapping.pathOnHost());
      String target =
          mapping.pathInContainer().isEmpty() ? mapping.pathOnHost() : mapping.pathInContainer();
      String access = mapping.cgroupPermissions().isEmpty() ? "rwm" : mapping.cgroupPermissions();
      if (!access.matches("[rwm]{1,3}")) {
        throw new Fault.InvalidArgument("invalid device mode: " + access);
      }
      if (Files.isDirectory(source)) {
        collect(source, Path.of(target), access, devices);
      } else {
        devices.add(
            read(source, target, access)
                .orElseThrow(() ->
                    new Fault.InvalidArgument(
                        "error gathering device information while adding custom device \""
                            + source
                            + "\": not a device node")));
      }
    }
    return devices;
  }

  private static void collect(Path folder, Path target, String access, List<HostDevice> into) {
    try (Directory directory = Directory.open(folder)) {
      for (Directory.Entry entry : directory.list()) {
        Path path = folder.resolve(entry.name());
        if (entry.type() == FileType.DIRECTORY) {
          // pts, shm and mqueue are file systems of the container's own
          if (!path.equals(DEV.resolve("pts"))
              && !path.equals(DEV.resolve("shm"))
              && !path.equals(DEV.resolve("mqueue"))) {
            collect(path, target.resolve(entry.name()), access, into);
          }
        } else if (!path.equals(DEV.resolve("console"))) {
          read(path, target.resolve(entry.name()).toString(), access).ifPresent(into::add);
        }
      }
    }
  }

  private static Optional<HostDevice> read(Path source, String target, String access) {
    Path parent = source.getParent();
    Path name = source.getFileName();
    if (parent == null || name == null) {
      return Optional.empty();
    }
    Stat stat;
    try (Directory folder = Directory.open(parent)) {
      Optional<Stat> found = folder.stat(name.toString());
      if (found.isEmpty()) {
        throw new Fault.InvalidArgument(
            "error gathering device information while adding custom device \""
                + source
                + "\": no such file or directory");
      }
      stat = found.get();
    }
    String type =
        switch (stat.type()) {
          case CHARACTER_DEVICE -> "c";
          case BLOCK_DEVICE -> "b";
          default -> "";
        };
    if (type.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new HostDevice(
            new RuntimeSpec.Device(
                type,
                target,
                OptionalLong.of(stat.specialMajor()),
                OptionalLong.of(stat.specialMinor()),
                OptionalInt.of(stat.permissions()),
                OptionalLong.of(stat.uid()),
                OptionalLong.of(stat.gid())),
            access));
  }
}
