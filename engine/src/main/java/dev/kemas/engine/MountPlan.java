package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.container.MountRequest;
import dev.kemas.fault.Fault;
import dev.kemas.linux.RootDir;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.volume.Volume;
import dev.kemas.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Decides what is mounted into a container: volumes of others, binds, mounts, tmpfs, and anonymous
 * volumes for what the image or the request declares. A later wish for one place replaces an
 * earlier one of a weaker kind, as in Docker.
 */
final class MountPlan {
  private static final long DEFAULT_TMPFS_MODE = 01777;

  private final Volumes volumes;

  MountPlan(Volumes volumes) {
    this.volumes = volumes;
  }

  /**
   * Decides, making the volumes that are not there yet.
   *
   * @param announce told the name of each anonymous volume before it is made
   */
  List<MountPoint> plan(
      ContainerConfig config,
      HostConfig host,
      Function<String, Container> containers,
      Consumer<String> announce) {
    Map<String, MountPoint> byTarget = new LinkedHashMap<>();
    host.volumesFrom().forEach(from -> inherit(from, containers, byTarget));
    Map<String, MountPoint> own = new LinkedHashMap<>();
    for (String bind : host.binds()) {
      add(own, bind(BindText.parse(bind), host.volumeDriver()));
    }
    host.mounts().forEach(request -> add(own, mount(request, announce)));
    host.tmpfs().forEach((target, options) -> add(own, tmpfs(target, options)));
    byTarget.putAll(own);
    for (String target : config.volumes().keySet()) {
      String clean = BindText.target(target, target);
      if (!byTarget.containsKey(clean)) {
        byTarget.put(clean, anonymous(clean, host.volumeDriver(), announce));
      }
    }
    return List.copyOf(byTarget.values());
  }

  private static void add(Map<String, MountPoint> all, MountPoint point) {
    if (all.putIfAbsent(point.destination(), point) != null) {
      throw new Fault.InvalidArgument("Duplicate mount point: " + point.destination());
    }
  }

  private static void inherit(
      String from, Function<String, Container> containers, Map<String, MountPoint> all) {
    int colon = from.indexOf(':');
    String mode = colon < 0 ? "" : from.substring(colon + 1);
    if (!mode.isEmpty() && !mode.equals("ro") && !mode.equals("rw")) {
      throw new Fault.InvalidArgument("invalid mode for volumes-from: " + mode);
    }
    Container other = containers.apply(colon < 0 ? from : from.substring(0, colon));
    for (MountPoint point : other.mounts()) {
      if (point.kind() != MountPoint.Kind.TMPFS) {
        all.put(
            point.destination(),
            new MountPoint(
                point.kind(),
                point.name(),
                point.source(),
                point.destination(),
                point.driver(),
                mode.isEmpty() ? point.mode() : mode,
                point.writable() && !mode.equals("ro"),
                point.propagation(),
                false,
                false,
                point.options()));
      }
    }
  }

  private MountPoint bind(BindText text, String driver) {
    if (text.isVolume()) {
      Volume volume = volumes.create(text.source(), driver, Map.of(), Map.of());
      return volume(volume, text.target(), text.mode(), text.writable(), false, text.fill());
    }
    Path source = Path.of(text.source());
    if (!Files.exists(source)) {
      try {
        Files.createDirectories(source);
      } catch (IOException e) {
        throw new Fault.InvalidArgument(
            "error while creating mount source path '" + source + "': " + e.getMessage(), e);
      }
    }
    return new MountPoint(
        MountPoint.Kind.BIND,
        "",
        source.toString(),
        text.target(),
        "",
        text.mode(),
        text.writable(),
        text.propagation(),
        false,
        false,
        List.of());
  }

  private static MountPoint volume(
      Volume volume,
      String target,
      String mode,
      boolean writable,
      boolean anonymous,
      boolean fill) {
    return new MountPoint(
        MountPoint.Kind.VOLUME,
        volume.name(),
        volume.mountpoint().toString(),
        target,
        Volume.DRIVER,
        mode,
        writable,
        "",
        anonymous,
        fill,
        List.of());
  }

  private MountPoint anonymous(String target, String driver, Consumer<String> announce) {
    String name = Volumes.newName();
    announce.accept(name);
    Volume made = volumes.createAnonymous(name, driver, Map.of(), Map.of());
    return volume(made, target, "", true, true, true);
  }

  private MountPoint mount(MountRequest request, Consumer<String> announce) {
    String target = BindText.target(request.target(), request.type() + " mount");
    return switch (request.type()) {
      case "bind" -> boundPath(request, target);
      case "volume" -> {
        MountRequest.VolumeOptions options =
            request
                .volumeOptions()
                .orElse(
                    new MountRequest.VolumeOptions(
                        false, new java.util.TreeMap<>(), java.util.Optional.empty(), ""));
        if (!options.subpath().isEmpty()) {
          throw new Fault.Unsupported("volume-subpath is not supported by this engine");
        }
        String driver = options.driverConfig().map(MountRequest.DriverConfig::name).orElse("");
        Map<String, String> driverOptions = new LinkedHashMap<>();
        options.driverConfig().ifPresent(d -> driverOptions.putAll(d.options()));
        Volume volume;
        if (request.source().isEmpty()) {
          String name = Volumes.newName();
          announce.accept(name);
          volume = volumes.createAnonymous(name, driver, driverOptions, options.labels());
        } else {
          volume = volumes.create(request.source(), driver, driverOptions, options.labels());
        }
        yield volume(
            volume,
            target,
            request.readOnly() ? "ro" : "z",
            !request.readOnly(),
            request.source().isEmpty(),
            !options.noCopy());
      }
      case "tmpfs" -> tmpfs(request, target);
      case "image" ->
          throw new Fault.Unsupported("mounts of type image are not supported by this engine");
      default -> throw new Fault.InvalidArgument("invalid mount type: \"" + request.type() + "\"");
    };
  }

  private static MountPoint boundPath(MountRequest request, String target) {
    if (request.source().isEmpty()) {
      throw new Fault.InvalidArgument(
          "invalid mount config for type \"bind\": field Source must not be empty");
    }
    if (!request.source().startsWith("/")) {
      throw new Fault.InvalidArgument(
          "invalid mount config for type \"bind\": invalid mount path: '"
              + request.source()
              + "' mount path must be absolute");
    }
    Path source = Path.of(request.source()).normalize();
    boolean make =
        request.bindOptions().map(MountRequest.BindOptions::createMountpoint).orElse(false);
    if (!Files.exists(source) && !make) {
      throw new Fault.InvalidArgument(
          "invalid mount config for type \"bind\": bind source path does not exist: " + source);
    }
    String propagation =
        request
            .bindOptions()
            .map(MountRequest.BindOptions::propagation)
            .filter(p -> !p.isEmpty())
            .orElse("rprivate");
    boolean flat = request.bindOptions().map(MountRequest.BindOptions::nonRecursive).orElse(false);
    return new MountPoint(
        MountPoint.Kind.BIND,
        "",
        source.toString(),
        target,
        "",
        "",
        !request.readOnly(),
        BindText.requirePropagation(propagation),
        false,
        false,
        flat ? List.of("bind") : List.of());
  }

  private static MountPoint tmpfs(MountRequest request, String target) {
    List<String> options = new ArrayList<>();
    long mode = DEFAULT_TMPFS_MODE;
    if (request.tmpfsOptions().isPresent()) {
      MountRequest.TmpfsOptions asked = request.tmpfsOptions().get();
      if (asked.sizeBytes() > 0) {
        options.add("size=" + asked.sizeBytes());
      }
      mode = asked.mode().isPresent() ? asked.mode().getAsInt() : mode;
      asked.options().forEach(pair -> options.add(String.join("=", pair)));
    }
    options.add("mode=" + Long.toOctalString(mode));
    return tmpfs(target, !request.readOnly(), options);
  }

  private static MountPoint tmpfs(String target, String text) {
    List<String> options = new ArrayList<>();
    boolean writable = true;
    for (String option : text.split(",", -1)) {
      if (option.equals("ro")) {
        writable = false;
      } else if (!option.isEmpty() && !option.equals("rw")) {
        options.add(option);
      }
    }
    return tmpfs(BindText.target(target, "tmpfs"), writable, options);
  }

  private static MountPoint tmpfs(String target, boolean writable, List<String> options) {
    return new MountPoint(
        MountPoint.Kind.TMPFS, "", "", target, "", "", writable, "", false, false, options);
  }

  /** What the runtime mounts; empty volumes are filled from the image first. */
  List<RuntimeSpec.Mount> toSpec(List<MountPoint> points, Path rootfs) {
    List<RuntimeSpec.Mount> mounts = new ArrayList<>();
    try (RootDir image = RootDir.open(rootfs)) {
      for (MountPoint point : points) {
        mounts.add(
            switch (point.kind()) {
              case TMPFS -> tmpfsMount(point);
              case BIND -> boundMount(point, point.source(), point.propagation());
              case VOLUME -> {
                if (point.fill() && image.stat(point.destination()).isPresent()) {
                  volumes.fill(point.name(), image, point.destination());
                }
                yield boundMount(point, volumes.mountpoint(point.name()).toString(), "rprivate");
              }
            });
      }
    }
    return mounts;
  }

  private static RuntimeSpec.Mount tmpfsMount(MountPoint point) {
    List<String> options = new ArrayList<>(List.of("nosuid", "nodev"));
    if (point.options().stream().noneMatch(o -> o.equals("exec") || o.equals("noexec"))) {
      options.add("noexec");
    }
    if (point.options().contains("suid")) {
      options.remove("nosuid");
    }
    if (point.options().contains("dev")) {
      options.remove("nodev");
    }
    options.addAll(point.options());
    options.add(point.writable() ? "rw" : "ro");
    return RuntimeSpec.Mount.of(
        point.destination(), "tmpfs", "tmpfs", options.toArray(String[]::new));
  }

  private static RuntimeSpec.Mount boundMount(MountPoint point, String source, String propagation) {
    return RuntimeSpec.Mount.of(
        point.destination(),
        "bind",
        source,
        point.options().contains("bind") ? "bind" : "rbind",
        propagation.isEmpty() ? "rprivate" : propagation,
        point.writable() ? "rw" : "ro");
  }
}
