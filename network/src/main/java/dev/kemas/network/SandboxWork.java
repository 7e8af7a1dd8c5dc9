package dev.kemas.network;

import dev.kemas.dns.NameService;
import dev.kemas.dns.NameTable;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.network.NetworkCatalog.Known;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What is done to one sandbox, in the order in which it has to be done; under its lock. */
final class SandboxWork {
  private final HostKernel kernel;
  private final NetworkCatalog catalog;
  private final SandboxPlanner planner;
  private final SandboxWire wire;
  private final SparePool spares;
  private final Publisher publisher;
  private final NameService names;
  private final NameSources sources;
  private final Supplier<List<StoredSandbox>> all;

  /**
   * @param all the open sandboxes, for the names that one of them may ask for
   */
  SandboxWork(Parts parts, NameSources sources, Supplier<List<StoredSandbox>> all) {
    this.kernel = parts.kernel();
    this.catalog = parts.catalog();
    this.planner = parts.planner();
    this.wire = parts.wire();
    this.spares = parts.spares();
    this.publisher = parts.publisher();
    this.names = parts.names();
    this.sources = sources;
    this.all = all;
  }

  /** Makes all of a planned sandbox. What was made when it fails is the caller's to remove. */
  void make(LiveSandbox live, List<Known> networks, Optional<SparePool.Spare> spare) {
    Optional<StoredEndpoint> gateway = planner.gateway(live.stored);
    gateway.ifPresent(g -> hold(live, g));
    kernel.put(live.stored.write());
    spare.ifPresent(spares::forget);
    if (live.stored.namespace().isEmpty()) {
      return;
    }
    if (spare.isPresent()) {
      fill(live, spare.get().inside(), networks, spare.get());
    } else {
      try (SandboxWire.Inside inside = wire.make(live.stored.namespace())) {
        fill(live, inside, networks);
      }
    }
    gateway.ifPresent(g -> publisher.lead(live.rules, g));
  }

  /** A namespace that is empty. */
  private void fill(LiveSandbox live, SandboxWire.Inside inside, List<Known> networks) {
    Optional<StoredEndpoint> gateway = planner.gateway(live.stored);
    for (int i = 0; i < networks.size(); i++) {
      StoredEndpoint endpoint = live.stored.endpoints().get(i);
      if (endpoint.wired()) {
        int index = wire.plug(inside, endpoint, networks.get(i));
        if (gateway.filter(endpoint::equals).isPresent()) {
          wire.addressAndRoute(inside, index, endpoint, networks.get(i));
        } else {
          wire.address(inside, index, endpoint, networks.get(i));
        }
      }
    }
    serveNames(live, inside);
  }

  /** A spare: its own link is ready, so mostly nothing is left to do. */
  private void fill(
      LiveSandbox live, SandboxWire.Inside inside, List<Known> networks, SparePool.Spare spare) {
    List<StoredEndpoint> endpoints = live.stored.endpoints();
    StoredEndpoint ready = endpoints.getFirst();
    ready
        .mac()
        .filter(mac -> !spare.endpoint().mac().equals(Optional.of(mac)))
        .ifPresent(mac -> wire.rename(inside, ready, mac));
    for (int i = 1; i < networks.size(); i++) {
      int index = wire.plug(inside, endpoints.get(i), networks.get(i));
      wire.address(inside, index, endpoints.get(i), networks.get(i));
    }
    Optional<StoredEndpoint> gateway = planner.gateway(live.stored);
    if (gateway.filter(ready::equals).isEmpty()) {
      wire.wayOut(inside, gateway, catalog);
    }
    serveNames(live, inside);
  }

  private void hold(LiveSandbox live, StoredEndpoint gateway) {
    live.held = publisher.hold(live.stored, gateway);
    note(live, gateway);
  }

  /** Notes what is held as published by this way out. */
  private static void note(LiveSandbox live, StoredEndpoint gateway) {
    List<PublishedPort> published = live.held.stream().map(HostPorts.Held::port).toList();
    live.stored = live.stored.withPublished(published);
    live.rules = Publisher.rules(published, gateway);
  }

  /** Adds a recorded connection to a sandbox that had none such before. */
  void attach(LiveSandbox live, StoredSandbox before, StoredEndpoint added, Known known) {
    kernel.put(live.stored.write());
    try (SandboxWire.Inside inside = wire.open(before.namespace())) {
      if (added.wired()) {
        wire.address(inside, wire.plug(inside, added, known), added, known);
      }
      serveNames(live, inside);
      moveWayOut(live, inside, planner.gateway(before));
    }
  }

  /** Back to what is left without a connection; the record first. */
  void detach(LiveSandbox live, StoredSandbox left, StoredEndpoint gone) {
    Optional<StoredEndpoint> wayOut = planner.gateway(live.stored);
    live.stored = left.withPublished(live.stored.published());
    kernel.put(live.stored.write());
    if (gone.wired() && kernel.link(gone.hostLink()).isPresent()) {
      kernel.change(new LinkRequest.Delete(gone.hostLink()));
    }
    planner.free(gone);
    try (SandboxWire.Inside inside = wire.open(left.namespace())) {
      moveWayOut(live, inside, wayOut);
    }
  }

  /** Routes and published ports follow the way out. */
  private void moveWayOut(
      LiveSandbox live, SandboxWire.Inside inside, Optional<StoredEndpoint> before) {
    Optional<StoredEndpoint> now = planner.gateway(live.stored);
    if (now.equals(before)) {
      return;
    }
    wire.wayOut(inside, now, catalog);
    publisher.leadNoMore(live.rules);
    live.rules = List.of();
    if (now.isEmpty()) {
      live.held.forEach(HostPorts.Held::close);
      live.held = List.of();
      live.stored = live.stored.withPublished(List.of());
    } else if (live.held.isEmpty()) {
      hold(live, now.get());
    } else {
      note(live, now.get());
    }
    if (!live.stored.ports().isEmpty()) {
      kernel.put(live.stored.write());
    }
    now.ifPresent(g -> publisher.lead(live.rules, g));
  }

  /** Takes over what lives since before this process; nothing is changed in the kernel. */
  void takeOver(LiveSandbox live) {
    live.stored
        .endpoints()
        .forEach(e -> catalog.byId(e.network()).ifPresent(k -> k.takeFree(e.addresses())));
    live.held = publisher.holdAgain(live.stored);
    planner.gateway(live.stored).ifPresent(g -> note(live, g));
  }

  /**
   * Mends links, addresses, routes and the name server of a sandbox that was taken over.
   *
   * @param hostLinks what the host has, by name
   * @return whether anything was missing
   */
  boolean mend(LiveSandbox live, Map<String, LinkInfo> hostLinks) {
    if (live.stored.namespace().isEmpty()) {
      return false;
    }
    try (SandboxWire.Inside inside = wire.open(live.stored.namespace())) {
      boolean changed = false;
      for (StoredEndpoint e : live.stored.endpoints()) {
        Optional<Known> known = catalog.byId(e.network());
        if (e.wired() && known.isPresent()) {
          changed |=
              wire.mend(inside, e, known.get(), Optional.ofNullable(hostLinks.get(e.hostLink())));
        }
      }
      Optional<StoredEndpoint> gateway = planner.gateway(live.stored);
      changed |= wire.wayOut(inside, gateway, catalog);
      gateway.ifPresent(g -> publisher.hairpin(live.rules, g));
      serveNames(live, inside);
      return changed;
    }
  }

  private void serveNames(LiveSandbox live, SandboxWire.Inside inside) {
    if (live.post.isEmpty() && needsNames(live.stored)) {
      kernel.step("name server in " + inside.name());
      live.post = Optional.of(names.open(inside.namespace(), () -> knowledge(live)));
    }
  }

  /** On a network that resolves names, or where a container cannot reach the host's servers. */
  boolean needsNames(StoredSandbox stored) {
    if (stored.endpoints().stream().noneMatch(StoredEndpoint::wired)) {
      return false;
    }
    boolean resolves =
        stored.endpoints().stream()
            .flatMap(e -> catalog.byId(e.network()).stream())
            .anyMatch(k -> k.network().resolvesNames());
    return resolves || sources.onlyOfHost(stored.dns());
  }

  private NameService.Knowledge knowledge(LiveSandbox live) {
    StoredSandbox stored = live.stored;
    List<StoredSandbox> others = all.get();
    List<NameTable> tables =
        stored.endpoints().stream()
            .flatMap(e -> catalog.byId(e.network()).stream())
            .map(Known::network)
            .filter(Network::resolvesNames)
            .map(network -> NameTables.of(network, others))
            .toList();
    // who is in internal networks only has no way out by names either
    boolean wayOut = planner.gateway(stored).isPresent();
    return new NameService.Knowledge(
        tables, wayOut ? sources.effective(stored.dns()).servers() : List.of());
  }

  /** Ports and names of a sandbox that is given up are gone when this returns. */
  void silence(LiveSandbox live) {
    live.post.ifPresent(NameService.Post::close);
    List<HostPorts.Held> held = new ArrayList<>(live.held);
    try {
      publisher.leadNoMore(live.rules);
    } finally {
      held.forEach(HostPorts.Held::close);
    }
  }
}
