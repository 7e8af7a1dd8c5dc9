package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.host.HostCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The networks of one daemon, and the containers in them.
 *
 * <p>Life: {@link #open}, {@link #reconcile} once, then anything from any thread, at last {@link
 * #close}, which leaves every container's network working. What a method is about to do in the
 * kernel is written to the {@link NetworkRecords} first, so that a daemon killed at any line is
 * repaired by the next one's {@code reconcile}. A method that throws has undone what it did.
 *
 * <p>Reading methods take no lock that a changing one holds for long.
 */
public final class Networks implements AutoCloseable {
  private final NetworkSettings settings;
  private final Parts parts;
  private final SandboxBook book;
  private final List<StoredSandbox> recorded;
  private final List<NetworkRecords.Entry> recordedSpares;
  private Optional<RuleGuard> guard = Optional.empty();
  private boolean reconciled;
  private boolean closed;

  private Networks(
      NetworkSettings settings,
      Parts parts,
      List<StoredSandbox> recorded,
      List<NetworkRecords.Entry> recordedSpares) {
    this.settings = settings;
    this.parts = parts;
    this.book = new SandboxBook(settings, parts);
    this.recorded = recorded;
    this.recordedSpares = recordedSpares;
  }

  /**
   * Reads the records and makes the predefined networks known; changes nothing in the kernel yet.
   *
   * @throws Fault.InvalidArgument when the settings contradict each other
   * @throws Fault.DataLoss when a record cannot be read
   */
  public static Networks open(NetworkSettings settings, NetworkRecords records) {
    return open(settings, records, HostKernel.Probe.NONE);
  }

  static Networks open(NetworkSettings settings, NetworkRecords records, HostKernel.Probe probe) {
    List<StoredSandbox> sandboxes = new ArrayList<>();
    List<NetworkRecords.Entry> spares = new ArrayList<>();
    List<Network> networks = new ArrayList<>();
    for (NetworkRecords.Entry entry : records.all()) {
      switch (entry.kind()) {
        case StoredNetwork.KIND -> networks.add(StoredNetwork.read(entry));
        case StoredSandbox.KIND -> sandboxes.add(StoredSandbox.read(entry));
        case SparePool.KIND -> spares.add(entry);
        default -> {} // what was changed on the host is only noted
      }
    }
    Parts parts = Parts.of(settings, records, probe);
    networks.forEach(parts.catalog()::load);
    return new Networks(settings, parts, sandboxes, spares);
  }

  /**
   * Brings the kernel in line with the records: bridges, the rules, forwarding, every live
   * sandbox's links, ports and name server; removes what a killed daemon left half made or half
   * removed.
   *
   * @param live the ids of the sandboxes whose containers run; all others are removed
   * @throws Fault.Unsupported when this host cannot do bridge networks; the message says why
   */
  public Reconciliation reconcile(Set<String> live) {
    synchronized (this) {
      if (reconciled) {
        throw new Fault.Conflict("the networks are reconciled already");
      }
      Reconciliation result =
          new Reconciler(settings, parts, book).run(recorded, recordedSpares, live);
      guard =
          Optional.of(
              RuleGuard.start(parts.kernel(), parts.rules(), RuleTable.name(settings.instance())));
      reconciled = true;
      return result;
    }
  }

  /**
   * Makes a network.
   *
   * @throws Fault.Conflict {@code network with name NAME already exists}
   * @throws Fault.InvalidArgument for a bad name, an unknown driver or option value, a gateway
   *     outside its subnet
   * @throws Fault.Forbidden for a second network of the predefined drivers, and for a subnet that
   *     another network has: {@code invalid pool request: Pool overlaps with other one on this
   *     address space}
   * @throws Fault.ResourceExhausted {@code all predefined address pools have been fully subnetted}
   */
  public Network create(NetworkSpec spec) {
    requireReady();
    return book.createNetwork(spec);
  }

  /**
   * Removes a network and its bridge.
   *
   * @param network name, id or unique start of an id
   * @return what was removed
   * @throws Fault.NotFound {@code network X not found}
   * @throws Fault.Forbidden when it is predefined, or has endpoints: {@code error while removing
   *     network: network X has active endpoints (name:"..." id:"...")}
   */
  public Network remove(String network) {
    requireReady();
    return book.removeNetwork(network);
  }

  /**
   * The network of a name, an id or the unique start of an id, looked for in this order.
   *
   * @throws Fault.NotFound {@code network X not found}
   * @throws Fault.InvalidArgument {@code network X is ambiguous (2 matches found based on ID
   *     prefix)}
   */
  public Network get(String network) {
    return parts.catalog().get(network).network();
  }

  /** All networks, in the order of their names. */
  public List<Network> list() {
    return parts.catalog().list();
  }

  /** The networks that a prune may remove: user-defined and without endpoints. */
  public List<Network> unused() {
    return list().stream().filter(n -> !n.predefined() && !book.inUse(n)).toList();
  }

  /** The open sandboxes that are connected to a network, for its inspection. */
  public List<Sandbox> connected(String networkId) {
    return book.all().stream()
        .filter(s -> s.endpoints().stream().anyMatch(e -> e.network().equals(networkId)))
        .map(book::view)
        .sorted(Comparator.comparing(s -> s.container().name()))
        .toList();
  }

  /**
   * Makes a container's network: namespace, links, addresses, routes, published ports and name
   * server, all or nothing. A few milliseconds for one endpoint on the default network.
   *
   * @throws Fault.NotFound for an unknown network
   * @throws Fault.Conflict when the sandbox is open already, a fixed address is in use ({@code
   *     Address already in use}), and for a port that is taken: {@code driver failed programming
   *     external connectivity on endpoint NAME (ID): Bind for 0.0.0.0:5000 failed: port is already
   *     allocated}
   * @throws Fault.InvalidArgument for an address outside the network, two networks of which one is
   *     {@code host} or {@code none}
   * @throws Fault.ResourceExhausted when a subnet or the port range is used up
   */
  public Sandbox open(SandboxSpec spec) {
    requireReady();
    return book.open(spec);
  }

  /** The sandbox of an id, if it is open. */
  public Optional<Sandbox> sandbox(String id) {
    return book.find(id).map(book::view);
  }

  /** All open sandboxes. */
  public List<Sandbox> sandboxes() {
    return book.all().stream().map(book::view).toList();
  }

  /**
   * Gives a container's network up. Its ports are closed and its names gone when this returns;
   * links and namespace are removed in the background, its addresses are free after that. Nothing
   * happens when there is no such sandbox.
   */
  public void close(String id) {
    book.close(id);
  }

  /**
   * Connects an open sandbox to a further network. If that becomes the way out, the default route
   * and the published ports move to it.
   *
   * @return the sandbox afterwards
   * @throws Fault.NotFound for an unknown sandbox or network
   * @throws Fault.Forbidden {@code endpoint with name NAME already exists in network X}
   * @throws Fault.Conflict and the other faults as {@link #open(SandboxSpec)}
   */
  public Sandbox connect(String sandbox, EndpointSpec endpoint) {
    requireReady();
    return book.connect(sandbox, endpoint);
  }

  /**
   * Disconnects an open sandbox from a network; the way out moves to the next one.
   *
   * @return the sandbox afterwards
   * @throws Fault.NotFound for an unknown sandbox or network
   * @throws Fault.Forbidden {@code container ID is not connected to network X}
   */
  public Sandbox disconnect(String sandbox, String network) {
    requireReady();
    return book.disconnect(sandbox, network);
  }

  /** Lets the DNS answer to another container name from now on. */
  public Sandbox rename(String sandbox, String containerName) {
    return book.rename(sandbox, containerName);
  }

  /**
   * The contents of a container's resolv.conf and hosts files as things are now; to be written
   * again after {@link #connect} and {@link #disconnect}.
   *
   * @throws Fault.NotFound for an unknown sandbox
   */
  public ContainerFiles files(String sandbox, List<ExtraHost> extra) {
    return book.files(sandbox, extra);
  }

  /** What the host offers and lacks for networks; changes nothing, works before reconcile too. */
  public List<HostCheck> examine() {
    return new Examination(settings, parts).run();
  }

  /** Waits until all that was left to the background is done, for a stop and for tests. */
  public void settle() {
    parts
        .background()
        .call(() -> {
          parts.teardown().finish();
          parts.spares().refill();
          return true;
        });
  }

  /**
   * Ends the background work and closes what this process holds; containers keep their networks.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      parts
          .background()
          .call(() -> {
            parts.spares().stop();
            parts.teardown().finish();
            return true;
          });
    } finally {
      letGo();
    }
  }

  /**
   * Takes bridges and rules out of the kernel when no sandbox is open; they are recorded, and
   * {@link #reconcile} makes them again. To be called before {@link #close}.
   */
  public void withdraw() {
    parts
        .background()
        .call(() -> {
          parts.spares().stop();
          parts.teardown().finish();
          return true;
        });
    if (book.all().isEmpty()) {
      parts.catalog().withdraw();
      parts.rules().destroy();
    }
  }

  /** Closes what this process holds, and touches nothing that outlives it. */
  void letGo() {
    synchronized (this) {
      guard.ifPresent(RuleGuard::close);
    }
    parts.background().stop();
    parts.spares().letGo();
    parts.ports().closeAll();
    parts.names().close();
    parts.kernel().close();
  }

  /**
   * Removes everything that this instance made, records included, and closes. The forwarding of
   * packets stays on if it was switched on: others may rely on it by now.
   */
  public void destroy() {
    parts
        .background()
        .call(() -> {
          parts.spares().stop();
          return true;
        });
    book.all().forEach(s -> book.close(s.id()));
    settle();
    for (NetworkCatalog.Known known : parts.catalog().all()) {
      parts.catalog().forget(known);
    }
    parts.rules().destroy();
    close();
  }

  private synchronized void requireReady() {
    if (closed || !reconciled) {
      throw new Fault.Unavailable(
          closed ? "the networks are closed" : "the networks are not ready yet; try again soon");
    }
  }
}
