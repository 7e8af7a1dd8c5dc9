package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.network.NetworkCatalog.Known;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sandboxes. One lock a sandbox orders what is done to it; one for all guards only the
 * moment in which networks and names are looked up and addresses are taken, and the making and
 * removing of networks. Reading takes neither.
 */
final class SandboxBook {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxBook.class);

  private final Path namespaces;
  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final NetworkCatalog catalog;
  private final SandboxPlanner planner;
  private final SparePool spares;
  private final Teardown teardown;
  private final NameSources sources;
  private final SandboxWork work;
  private final Object registry = new Object();
  private final Map<String, LiveSandbox> sandboxes = new ConcurrentHashMap<>();

  SandboxBook(NetworkSettings settings, Parts parts) {
    this.settings = settings;
    this.namespaces = settings.execRoot().resolve("netns");
    this.kernel = parts.kernel();
    this.catalog = parts.catalog();
    this.planner = parts.planner();
    this.spares = parts.spares();
    this.teardown = parts.teardown();
    this.sources = new NameSources(settings);
    this.work = new SandboxWork(parts, sources, this::all);
  }

  Network createNetwork(NetworkSpec spec) {
    synchronized (registry) {
      return catalog.create(spec);
    }
  }

  Network removeNetwork(String reference) {
    synchronized (registry) {
      Known known = catalog.get(reference);
      Network network = known.network();
      if (network.predefined()) {
        throw new Fault.Forbidden(
            network.name() + " is a pre-defined network and cannot be removed");
      }
      List<String> endpoints = endpointsOf(network);
      if (!endpoints.isEmpty()) {
        throw new Fault.Forbidden(
            "error while removing network: network %s has active endpoints (%s)"
                .formatted(network.name(), String.join(", ", endpoints)));
      }
      catalog.forget(known);
      return network;
    }
  }

  private List<String> endpointsOf(Network network) {
    List<String> found = new ArrayList<>();
    for (LiveSandbox live : sandboxes.values()) {
      StoredSandbox s = live.stored;
      s.endpoints().stream()
          .filter(e -> e.network().equals(network.id()))
          .map(
              e -> "name:\"%s\" id:\"%s\"".formatted(s.container().name(), e.id().substring(0, 12)))
          .forEach(found::add);
    }
    return found.stream().sorted().toList();
  }

  boolean inUse(Network network) {
    return !endpointsOf(network).isEmpty();
  }

  Optional<StoredSandbox> find(String id) {
    return Optional.ofNullable(sandboxes.get(id)).filter(l -> l.ready).map(l -> l.stored);
  }

  List<StoredSandbox> all() {
    return sandboxes.values().stream().filter(l -> l.ready).map(l -> l.stored).toList();
  }

  Sandbox view(StoredSandbox stored) {
    return planner.view(stored, namespaces);
  }

  Sandbox open(SandboxSpec spec) {
    LiveSandbox live;
    Optional<SparePool.Spare> spare;
    List<Known> networks;
    synchronized (registry) {
      networks = planner.networks(spec);
      if (sandboxes.containsKey(spec.id())) {
        throw new Fault.Conflict("the network of " + spec.id() + " is open already");
      }
      spare = planner.takesSpare(spec, networks) ? spares.take() : Optional.empty();
      try {
        live = new LiveSandbox(planner.plan(spec, networks, spare));
      } catch (RuntimeException e) {
        spare.ifPresent(this::discard);
        throw e;
      }
      live.lock.lock();
      sandboxes.put(spec.id(), live);
    }
    try {
      work.make(live, networks, spare);
      live.ready = true;
      return view(live.stored);
    } catch (RuntimeException | Error e) {
      Undo.after(e).with(() -> giveUp(live));
      throw e;
    } finally {
      spare.ifPresent(s -> s.inside().close());
      live.lock.unlock();
    }
  }

  void close(String id) {
    LiveSandbox live = sandboxes.get(id);
    if (live == null) {
      return;
    }
    live.lock.lock();
    try {
      giveUp(live);
    } finally {
      live.lock.unlock();
    }
  }

  private void giveUp(LiveSandbox live) {
    if (live.closed) {
      return;
    }
    live.closed = true;
    live.ready = false;
    StoredSandbox stored = live.stored;
    sandboxes.remove(stored.id(), live);
    try {
      work.silence(live);
    } catch (Fault e) {
      LOG.warn("ports of {} are left to the next change: {}", stored.id(), e.getMessage());
    }
    remove(stored);
  }

  /** Removes in the background what a record knows of, then the record. */
  void remove(StoredSandbox stored) {
    remove(stored, () -> forget(stored));
  }

  private void remove(StoredSandbox stored, Runnable afterwards) {
    List<String> links =
        stored.endpoints().stream()
            .filter(StoredEndpoint::wired)
            .map(StoredEndpoint::hostLink)
            .toList();
    teardown.later(new Teardown.Item(stored.namespace(), links, afterwards));
  }

  private void forget(StoredSandbox stored) {
    synchronized (registry) {
      // opened again meanwhile: then the record is the new one's
      if (!sandboxes.containsKey(stored.id())) {
        kernel.delete(StoredSandbox.KIND, stored.id());
      }
    }
    stored.endpoints().forEach(planner::free);
  }

  private void discard(SparePool.Spare spare) {
    spare.inside().close();
    removeSpare(spare.stored());
  }

  /** Removes in the background what the record of a spare knows of, then the record. */
  void removeSpare(StoredSandbox stored) {
    remove(
        stored,
        () -> {
          kernel.delete(SparePool.KIND, stored.id());
          stored.endpoints().forEach(planner::free);
        });
  }

  /** Works on an open sandbox under its lock. */
  private <T> T change(String id, Function<LiveSandbox, T> change) {
    LiveSandbox live = sandboxes.get(id);
    if (live != null) {
      live.lock.lock();
      try {
        if (!live.closed) {
          return change.apply(live);
        }
      } finally {
        live.lock.unlock();
      }
    }
    throw notOpen(id);
  }

  private static Fault notOpen(String id) {
    return new Fault.NotFound("sandbox", id, "no open network for container " + id);
  }

  Sandbox connect(String id, EndpointSpec spec) {
    return change(id, live -> connect(live, spec));
  }

  private Sandbox connect(LiveSandbox live, EndpointSpec spec) {
    StoredSandbox before = live.stored;
    StoredEndpoint added;
    Known known;
    synchronized (registry) {
      known = catalog.get(spec.network());
      List<Known> together = new ArrayList<>(List.of(known));
      for (StoredEndpoint e : before.endpoints()) {
        if (e.network().equals(known.network().id())) {
          throw SandboxPlanner.alreadyThere(before.container(), known);
        }
        catalog.byId(e.network()).ifPresent(together::add);
      }
      SandboxPlanner.checkTogether(together);
      added = planner.endpoint(spec, known, Ids.link(settings.instance()), before.endpoints());
      List<StoredEndpoint> endpoints = new ArrayList<>(before.endpoints());
      endpoints.add(added);
      live.stored = before.withEndpoints(endpoints);
    }
    try {
      work.attach(live, before, added, known);
      return view(live.stored);
    } catch (RuntimeException | Error e) {
      Undo.after(e).with(() -> work.detach(live, before, added));
      throw e;
    }
  }

  Sandbox disconnect(String id, String network) {
    return change(id, live -> disconnect(live, network));
  }

  private Sandbox disconnect(LiveSandbox live, String network) {
    StoredSandbox before = live.stored;
    Known known = catalog.get(network);
    Optional<StoredEndpoint> gone =
        before.endpoints().stream()
            .filter(e -> e.network().equals(known.network().id()))
            .findFirst();
    if (gone.isEmpty()) {
      throw new Fault.Forbidden(
          "container %s is not connected to network %s"
              .formatted(before.container().id(), known.network().name()));
    }
    if (before.namespace().isEmpty()) {
      throw new Fault.Forbidden(
          "container cannot be disconnected from host network or connected to host network");
    }
    List<StoredEndpoint> left =
        before.endpoints().stream().filter(e -> !e.equals(gone.get())).toList();
    work.detach(live, before.withEndpoints(left), gone.get());
    return view(live.stored);
  }

  Sandbox rename(String id, String name) {
    return change(
        id,
        live -> {
          SandboxSpec.Container c = live.stored.container();
          StoredSandbox renamed =
              live.stored.withContainer(
                  new SandboxSpec.Container(c.id(), name, c.hostname(), c.domainname()));
          kernel.put(renamed.write());
          live.stored = renamed;
          return view(renamed);
        });
  }

  ContainerFiles files(String id, List<ExtraHost> extra) {
    StoredSandbox stored = find(id).orElseThrow(() -> notOpen(id));
    Optional<InetAddress> hostGateway =
        settings
            .hostGateway()
            .or(() ->
                catalog.byName(Network.BRIDGE).map(k -> k.network().ipam().getFirst().gateway()));
    return sources.files(stored, work.needsNames(stored), extra, hostGateway);
  }

  /** Takes a sandbox in that lives since before this process. */
  void load(StoredSandbox stored) {
    LiveSandbox live = new LiveSandbox(stored);
    work.takeOver(live);
    live.ready = true;
    sandboxes.put(stored.id(), live);
  }

  /** Mends a sandbox that was taken in; whether anything was missing. */
  boolean mend(String id, Map<String, LinkInfo> hostLinks) {
    return change(id, live -> work.mend(live, hostLinks));
  }

  /** Where all published ports lead. */
  List<RuleTable.Port> rules() {
    return sandboxes.values().stream().flatMap(l -> l.rules.stream()).toList();
  }
}
