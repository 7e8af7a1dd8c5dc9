package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.CreateRequest;
import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.network.Network;
import dev.kemas.network.Networks;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.spec.SpecBuilder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Makes containers: checks the request, prepares the file system, records it. */
final class Creator {
  private static final int NAME_TRIES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EngineSettings settings;
  private final ContainerTable table;
  private final Snapshotter snapshotter;
  private final ImageService images;
  private final Networks networks;
  private final MountPlan mountPlan;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;
  private final Clearance clearance;

  Creator(
      EngineSettings settings,
      ContainerTable table,
      Snapshotter snapshotter,
      ImageService images,
      Networks networks,
      MountPlan mountPlan,
      ContainerRuntime runtime,
      ContainerEvents events,
      Clearance clearance) {
    this.settings = settings;
    this.table = table;
    this.snapshotter = snapshotter;
    this.images = images;
    this.networks = networks;
    this.mountPlan = mountPlan;
    this.runtime = runtime;
    this.events = events;
    this.clearance = clearance;
  }

  Engine.Created create(String name, CreateRequest request) {
    if (!name.isEmpty()) {
      NewContainer.requireName(name);
    }
    ContainerConfig asked = request.config();
    if (asked.image().isEmpty()) {
      throw new Fault.InvalidArgument("no image was given: Config.Image is empty");
    }
    Image image = images.images().get(asked.image());
    String id = newId();
    HostConfig host =
        HostConfigs.with(
            request.hostConfig(),
            LogOptions.merge(request.hostConfig().logConfig(), settings.logConfig()));
    boolean hostNetwork = host.networkMode().equals(Network.HOST);
    ContainerConfig config = NewContainer.merge(asked, image.config().defaults(), id, hostNetwork);
    NewContainer.require(config, host, Runtime.getRuntime().availableProcessors());
    LogOptions.limits(host.logConfig());
    runtime.requireKnown(host.runtime());
    requireNetworks(host, request);
    SpecBuilder.requireValid(host, settings.host());
    List<String> command = NewContainer.command(config);

    table.requireFree(name);
    SnapshotName key = new SnapshotName(id);
    Optional<SnapshotName> base = images.layers().ensureUnpacked(image.layers());
    images.images().used(image.id());
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), id);
    // the folder first: recovery finds by it what was half made
    folder.create();
    try {
      snapshotter.prepare(key, base);
      List<MountPoint> mounts =
          mountPlan.plan(config, host, reference -> table.get(reference).now(), folder::noteVolume);
      Container container =
          new Container(
              id,
              name,
              Instant.now(),
              image.id(),
              config,
              host,
              request.networkingConfig(),
              command,
              mounts,
              host.runtime().isEmpty() ? runtime.defaultRuntime() : host.runtime(),
              0,
              false,
              ContainerState.Created.FRESH);
      Container added = add(container);
      events.tell("create", added);
      return new Engine.Created(added, warnings(host));
    } catch (RuntimeException e) {
      undo(key, folder, e);
      throw e;
    }
  }

  private Container add(Container container) {
    if (!container.name().isEmpty()) {
      return table.add(container).now();
    }
    for (int i = 0; ; i++) {
      String name = RandomNames.next(i);
      if (table.isNameFree(name)) {
        try {
          return table.add(container.withName(name)).now();
        } catch (Fault.Conflict taken) {
          if (i >= NAME_TRIES) {
            throw taken;
          }
        }
      }
    }
  }

  private void undo(SnapshotName key, ContainerFolder folder, RuntimeException cause) {
    try {
      clearance.eraseFiles(folder, key);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private void requireNetworks(HostConfig host, CreateRequest request) {
    String mode = NetworkPlan.mode(host.networkMode());
    if (mode.startsWith("container:")) {
      table.get(mode.substring("container:".length()));
    } else {
      networks.get(mode);
    }
    for (String network : request.networkingConfig().endpoints().keySet()) {
      if (!NetworkPlan.mode(network).equals(mode)) {
        networks.get(network);
      }
    }
  }

  private List<String> warnings(HostConfig host) {
    List<String> warnings = new ArrayList<>();
    if (host.resources().memory() > 0 && !settings.host().swapLimits()) {
      warnings.add(
          "Your kernel does not support swap limit capabilities or the cgroup is not mounted."
              + " Memory limited without swap.");
    }
    return warnings;
  }

  private static String newId() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
