package dev.kemas.daemon.container;

import dev.kemas.api.ContainerCreated;
import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ContainerSummary;
import dev.kemas.api.FilesystemChange;
import dev.kemas.api.Filters;
import dev.kemas.api.PruneReport;
import dev.kemas.api.Timestamps;
import dev.kemas.api.TopResult;
import dev.kemas.api.UpdateRequest;
import dev.kemas.api.Warnings;
import dev.kemas.api.server.ContainersBackend;
import dev.kemas.container.CreateRequest;
import dev.kemas.engine.Container;
import dev.kemas.engine.ContainerState;
import dev.kemas.engine.DiskUse;
import dev.kemas.engine.Engine;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.Images;
import dev.kemas.oci.Platform;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers as objects. */
public final class ContainersAdapter implements ContainersBackend {
  private static final Logger LOG = LoggerFactory.getLogger(ContainersAdapter.class);
  private final Engine engine;
  private final Images images;
  private final Snapshotter snapshots;
  private final DiskUse disk;

  /** Adapts these. */
  public ContainersAdapter(Engine engine, Images images, Snapshotter snapshots, DiskUse disk) {
    this.engine = engine;
    this.images = images;
    this.snapshots = snapshots;
    this.disk = disk;
  }

  @Override
  public List<ContainerSummary> list(ListQuery query) {
    ContainerFilter filter = new ContainerFilter(query.filters(), engine, images);
    boolean all = query.all() || query.limit().isPresent() || filter.speaksOfEnded();
    Instant now = Instant.now();
    Stream<Container> found =
        engine.containers().stream()
            .filter(
                c -> all || c.state().isAlive() || c.state() instanceof ContainerState.Restarting)
            .filter(filter::accepts);
    if (query.limit().isPresent()) {
      found = found.limit(query.limit().getAsInt());
    }
    return found
        .map(c -> ContainerRecords.summary(c, around(c), size(c, query.size()), now))
        .toList();
  }

  private ContainerRecords.Around around(Container c) {
    return new ContainerRecords.Around(
        engine.sandbox(c.id()), engine.health(c.id()), engine.execs().of(c.id()));
  }

  private ContainerRecords.Size size(Container c, boolean asked) {
    if (!asked) {
      return ContainerRecords.Size.UNASKED;
    }
    long written = snapshots.usage(new SnapshotName(c.id())).bytes();
    long image = images.find(c.image()).map(Image::size).orElse(0L);
    return new ContainerRecords.Size(OptionalLong.of(written), OptionalLong.of(written + image));
  }

  /** All, with what each takes on the disk and its log counted in, for {@code system df}. */
  public List<ContainerSummary> measured() {
    Instant now = Instant.now();
    return engine.containers().stream()
        .map(c -> {
          long own = disk.container(c.id());
          long image = images.find(c.image()).map(Image::size).orElse(0L);
          ContainerRecords.Size size =
              new ContainerRecords.Size(OptionalLong.of(own), OptionalLong.of(own + image));
          return ContainerRecords.summary(c, around(c), size, now);
        })
        .toList();
  }

  @Override
  public ContainerCreated create(
      Optional<String> name, Optional<Platform> platform, CreateRequest request) {
    platform.ifPresent(wanted -> requirePlatform(wanted, request.config().image()));
    Engine.Created created = engine.create(name.orElse(""), request);
    return new ContainerCreated(created.container().id(), created.warnings());
  }

  /** One that is here for another platform counts as not here, so that clients pull. */
  private void requirePlatform(Platform wanted, String name) {
    Image image = images.get(name);
    if (!wanted.accepts(image.config().platform())) {
      throw new Fault.NotFound(
          "image",
          name,
          "image with reference "
              + name
              + " was found but its platform ("
              + image.config().platform()
              + ") does not match the specified platform ("
              + wanted
              + ")");
    }
  }

  @Override
  public ContainerInspect inspect(String container, boolean size) {
    Container c = engine.container(container);
    return ContainerRecords.inspect(c, around(c), size(c, size), engine.folder(c.id()));
  }

  @Override
  public void remove(String container, Removal how) {
    engine.remove(container, how.force(), how.volumes());
  }

  @Override
  public void rename(String container, String name) {
    engine.rename(container, name.startsWith("/") ? name.substring(1) : name);
  }

  @Override
  public Warnings update(String container, UpdateRequest request) {
    return new Warnings(engine.update(container, request.resources(), request.restartPolicy()));
  }

  @Override
  public TopResult top(String container, String arguments) {
    return ProcessTable.of(engine.processes(container), arguments);
  }

  @Override
  public List<FilesystemChange> changes(String container) {
    throw new Fault.Unsupported("listing a container's changes is not built yet");
  }

  @Override
  public PruneReport prune(Filters filters) {
    Instant now = Instant.now();
    Optional<Instant> until =
        filters.get("until").stream().findFirst().map(t -> Timestamps.parse("until", t, now));
    List<String> removed = new ArrayList<>();
    long bytes = 0;
    for (Container c : engine.containers()) {
      boolean ended =
          c.state() instanceof ContainerState.Exited || c.state() instanceof ContainerState.Created;
      if (ended
          && filters.matchesLabels(c.config().labels())
          && until.map(c.created()::isBefore).orElse(true)) {
        try {
          long own = disk.container(c.id());
          engine.remove(c.id(), false, false);
          removed.add(c.id());
          bytes += own;
        } catch (Fault.Conflict | Fault.NotFound e) {
          LOG.debug("container {} was not pruned: {}", c.name(), e.getMessage());
        }
      }
    }
    return PruneReport.containers(removed, bytes);
  }
}
