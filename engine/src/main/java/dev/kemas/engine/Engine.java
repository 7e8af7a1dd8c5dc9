package dev.kemas.engine;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.container.CreateRequest;
import dev.kemas.image.ImageService;
import dev.kemas.image.ImageUse;
import dev.kemas.linux.Signal;
import dev.kemas.metadata.RecordStore;
import dev.kemas.network.Networks;
import dev.kemas.network.Sandbox;
import dev.kemas.oci.Digest;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.LogReader;
import dev.kemas.runtime.Observed;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.volume.VolumeUse;
import dev.kemas.volume.Volumes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * The containers of one data root: made, started, watched, ended, removed. A container is meant by
 * its id, its name or the unique beginning of its id. Readers never wait for a container that is
 * being changed; changes of one container happen in turn, of several side by side.
 *
 * <p>The engine may be killed at any line: {@link #recover} compares what is recorded with what is
 * there, and containers run on meanwhile. All faults are {@link dev.kemas.fault.Fault}s with
 * Docker's texts where clients match on them. Thread-safe.
 */
public final class Engine implements AutoCloseable, ImageUse, VolumeUse {
  private final EngineSettings settings;
  private final ContainerTable table;
  private final ContainerRuntime runtime;
  private final Networks networks;
  private final Events events;
  private final Lifecycle lifecycle;
  private final Stopping stopping;
  private final Clearance clearance;
  private final Alterations alterations;
  private final Creator creator;
  private final Execs execs;
  private final Streams streams;
  private final Recovery recovery;

  /**
   * Puts an engine together; nothing happens before {@link #recover}.
   *
   * @param store where containers are recorded
   */
  public Engine(
      EngineSettings settings,
      RecordStore store,
      Snapshotter snapshotter,
      ImageService images,
      Networks networks,
      Volumes volumes,
      ContainerRuntime runtime,
      Events events) {
    this.settings = settings;
    this.runtime = runtime;
    this.networks = networks;
    this.events = events;
    this.table = new ContainerTable(store);
    ContainerEvents told = new ContainerEvents(events, images.images()::used);
    MountPlan mountPlan = new MountPlan(volumes);
    Launcher launcher = new Launcher(settings, snapshotter, networks, runtime, mountPlan, table);
    this.clearance = new Clearance(settings, table, snapshotter, networks, volumes, runtime);
    this.execs = new Execs(settings, table, runtime, told);
    this.lifecycle =
        new Lifecycle(
            settings, table, launcher, clearance, runtime, told, new HealthWatch(execs, told));
    this.stopping = new Stopping(settings, table, lifecycle, runtime, told);
    this.alterations = new Alterations(settings, table, networks, runtime, told);
    this.creator =
        new Creator(
            settings, table, snapshotter, images, networks, mountPlan, runtime, told, clearance);
    this.streams = new Streams(settings, table, runtime, told);
    this.recovery =
        new Recovery(
            settings, table, lifecycle, clearance, alterations, snapshotter, networks, runtime);
  }

  /**
   * Brings records and machine together after a start: takes over what runs, learns how others
   * ended, removes what was half made, applies restart policies. Call once, before anything else.
   */
  public void recover() {
    recovery.run();
  }

  /** What happens, for who wants to know. */
  public Events events() {
    return events;
  }

  /** All containers, the latest first. */
  public List<Container> containers() {
    return table.all();
  }

  /**
   * One container.
   *
   * @throws dev.kemas.fault.Fault.NotFound {@code No such container: X}
   */
  public Container container(String reference) {
    return table.get(reference).now();
  }

  /** A container's network; empty while it has none of its own. */
  public Optional<Sandbox> sandbox(String id) {
    return networks.sandbox(id);
  }

  /** A container's health; empty where no check is configured. */
  public Optional<Health> health(String id) {
    return lifecycle.health(id);
  }

  /** Where a container's files lie: its log, hosts, hostname and resolv.conf. */
  public Path folder(String id) {
    return ContainerFolder.of(settings.dataRoot(), id).path();
  }

  /**
   * Makes a container.
   *
   * @param name empty for one that is made up
   * @throws dev.kemas.fault.Fault.NotFound if the image is not here
   * @throws dev.kemas.fault.Fault.Conflict if the name is in use
   * @throws dev.kemas.fault.Fault.InvalidArgument for anything that cannot be
   */
  public Created create(String name, CreateRequest request) {
    return creator.create(name, request);
  }

  /**
   * A container was made.
   *
   * @param warnings what was asked for and is not there on this machine
   */
  public record Created(Container container, List<String> warnings) {
    public Created {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Starts a container.
   *
   * @throws dev.kemas.fault.Fault.NotModified if it runs already
   */
  public void start(String reference) {
    lifecycle.start(table.get(reference));
  }

  /**
   * Sends the stop signal and, after a while, SIGKILL.
   *
   * @param signal empty for the container's own
   * @param seconds empty for the container's own; negative waits without end
   * @throws dev.kemas.fault.Fault.NotModified if it does not run
   */
  public void stop(String reference, Optional<Signal> signal, OptionalInt seconds) {
    stopping.stop(table.get(reference), signal, seconds);
  }

  /** Stops it if it runs, and starts it. */
  public void restart(String reference, Optional<Signal> signal, OptionalInt seconds) {
    stopping.restart(table.get(reference), signal, seconds);
  }

  /**
   * Sends a signal to its first process.
   *
   * @throws dev.kemas.fault.Fault.Conflict if it does not run
   */
  public void kill(String reference, Signal signal) {
    stopping.kill(table.get(reference), signal);
  }

  /** Freezes its processes. */
  public void pause(String reference) {
    stopping.pause(table.get(reference));
  }

  /** Lets frozen processes go on. */
  public void unpause(String reference) {
    stopping.unpause(table.get(reference));
  }

  /** Gives it another name. */
  public void rename(String reference, String name) {
    alterations.rename(table.get(reference), name);
  }

  /**
   * Removes it.
   *
   * @param force kill it first if it runs
   * @param volumes its anonymous volumes too
   */
  public void remove(String reference, boolean force, boolean volumes) {
    stopping.remove(table.get(reference), force, volumes);
  }

  /** Changes limits and restart policy; zero and empty fields stay as they are. */
  public List<String> update(
      String reference,
      dev.kemas.container.Resources limits,
      Optional<dev.kemas.container.HostConfig.RestartPolicy> policy) {
    return alterations.update(table.get(reference), limits, policy);
  }

  /** What a waiter waits for. */
  public enum Condition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED
  }

  /** The exit code when it is so; give it up by {@link #forget}. */
  public CompletableFuture<Integer> await(String reference, Condition condition) {
    return lifecycle.await(table.get(reference), condition);
  }

  /** Gives a wait up. */
  public void forget(String id, CompletableFuture<?> wait) {
    table.cells().stream().filter(c -> c.now().id().equals(id)).forEach(c -> c.forget(wait));
  }

  /**
   * Attaches: at once if it runs, else when it starts.
   *
   * @return the connection; give the wait for it up by {@link #forget}
   */
  public CompletableFuture<Attachment> attach(String reference) {
    return streams.attach(reference);
  }

  /** Its output so far and to come; empty if it never ran. */
  public LogReader logs(String reference) {
    return streams.logs(reference);
  }

  /** Whether it has a process that may still write; one that was removed has none. */
  public boolean isAlive(String id) {
    return table.find(id).map(c -> c.state().isAlive()).orElse(false);
  }

  /** Sets the size of its terminal, in character cells. */
  public void resize(String reference, int height, int width) {
    streams.resize(reference, height, width);
  }

  /** The numbers of its processes on the host. */
  public List<Integer> processes(String reference) {
    return lifecycle.processes(table.get(reference));
  }

  /** What it uses now. */
  public dev.kemas.cgroup.CgroupStats stats(String reference) {
    return Cgroups.detect()
        .ofProcess(Lifecycle.requireAlive(table.get(reference)).state().processId())
        .stats();
  }

  /** Further processes in containers. */
  public Execs execs() {
    return execs;
  }

  /** Connects a container to one network more. */
  public void connect(
      String network,
      String reference,
      dev.kemas.container.NetworkingConfig.EndpointRequest endpoint) {
    alterations.connect(table.get(reference), network, endpoint);
  }

  /** Disconnects a container from a network. */
  public void disconnect(String network, String reference, boolean force) {
    alterations.disconnect(table.get(reference), network, force);
  }

  @Override
  public List<String> usersOf(String volume) {
    return clearance.volumeUsers(volume);
  }

  @Override
  public List<User> usersOf(Digest image) {
    return table.all().stream()
        .filter(c -> c.image().equals(image))
        .map(c ->
            new User(c.id(), c.state().isAlive() || c.state() instanceof ContainerState.Restarting))
        .toList();
  }

  /** Lets go of everything; containers run on. */
  @Override
  public void close() {
    lifecycle.close();
    execs.close();
    runtime.close();
    boolean alive =
        table.cells().stream()
            .anyMatch(c ->
                runtime.observe(ContainerFolder.of(settings.dataRoot(), c.now().id()).bundle())
                    instanceof Observed.Alive);
    if (alive) {
      networks.settle();
    } else {
      networks.withdraw();
      Cgroups.detect().at(settings.cgroupParent()).remove(Duration.ofSeconds(5));
    }
  }
}
