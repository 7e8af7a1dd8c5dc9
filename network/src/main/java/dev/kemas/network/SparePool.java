package dev.kemas.network;

import dev.kemas.dns.DnsSettings;
import dev.kemas.network.StoredSandbox.StoredEndpoint;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes of the default network that are ready but for the container: namespace, link, address
 * and route. Who takes one has no change of links to wait for, which would queue behind the removal
 * of others. Each is recorded before it is made, in the form of a sandbox. Refilled in the
 * background, a moment after one was taken, so as not to compete with the container that starts.
 * Safe for any thread.
 */
final class SparePool {
  static final String KIND = "spare";
  static final String INTERFACE = "eth0";
  private static final Logger LOG = LoggerFactory.getLogger(SparePool.class);
  private static final long PAUSE_MILLIS = 60;

  /** Spares hold at most this part of the network's addresses. */
  private static final BigInteger SHARE = BigInteger.valueOf(8);

  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final SandboxPlanner planner;
  private final SandboxWire wire;
  private final Background background;
  private final Deque<Spare> ready = new ArrayDeque<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private Optional<NetworkCatalog.Known> network = Optional.empty();
  private int most;

  /**
   * One that is ready.
   *
   * @param inside its namespace
   * @param stored its record
   */
  record Spare(SandboxWire.Inside inside, StoredSandbox stored) {
    StoredEndpoint endpoint() {
      return stored.endpoints().getFirst();
    }
  }

  SparePool(
      NetworkSettings settings,
      HostKernel kernel,
      SandboxPlanner planner,
      SandboxWire wire,
      Background background) {
    this.settings = settings;
    this.kernel = kernel;
    this.planner = planner;
    this.wire = wire;
    this.background = background;
  }

  /** Starts to keep spares for the default network; fewer where its addresses are few. */
  synchronized void start(NetworkCatalog.Known defaultNetwork) {
    network = Optional.of(defaultNetwork);
    BigInteger addresses = defaultNetwork.network().ipam().getFirst().subnet().size();
    most = addresses.divide(SHARE).min(BigInteger.valueOf(settings.spares())).intValue();
    refillSoon();
  }

  /**
   * Takes one, if there is one; from now on the caller removes it, and forgets its record once it
   * is recorded otherwise.
   */
  Optional<Spare> take() {
    Spare spare;
    synchronized (this) {
      spare = ready.poll();
    }
    refillSoon();
    return Optional.ofNullable(spare);
  }

  /** Forgets the record of one that was taken, when there is time. */
  void forget(Spare spare) {
    background.soon(() -> kernel.delete(KIND, spare.stored().id()));
  }

  private synchronized void refillSoon() {
    if (most > 0 && scheduled.compareAndSet(false, true)) {
      background.later(PAUSE_MILLIS, this::refill);
    }
  }

  /** Makes what is missing; on the worker. */
  void refill() {
    scheduled.set(false);
    while (true) {
      NetworkCatalog.Known known;
      synchronized (this) {
        if (network.isEmpty() || ready.size() >= most) {
          return;
        }
        known = network.get();
      }
      try {
        Spare spare = make(known);
        synchronized (this) {
          if (network.isPresent()) {
            ready.add(spare);
            continue;
          }
        }
        remove(spare);
      } catch (RuntimeException e) {
        LOG.warn("no spare sandbox could be made: {}", e.getMessage());
        return;
      }
    }
  }

  private Spare make(NetworkCatalog.Known known) {
    String name = Ids.namespace();
    StoredEndpoint endpoint =
        planner.endpoint(
            EndpointSpec.to(Network.BRIDGE).withInterfaceName(INTERFACE),
            known,
            Ids.link(settings.instance()),
            List.of());
    SandboxSpec.Container nobody = new SandboxSpec.Container("", "", "", "");
    StoredSandbox stored =
        new StoredSandbox(
            name, nobody, name, List.of(endpoint), List.of(), List.of(), DnsSettings.NONE);
    try {
      kernel.put(stored.write(KIND));
      SandboxWire.Inside inside = wire.make(name);
      try {
        wire.addressAndRoute(inside, wire.plug(inside, endpoint, known), endpoint, known);
        return new Spare(inside, stored);
      } catch (RuntimeException | Error e) {
        inside.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      Undo.after(e)
          .with(() -> kernel.removeNamespace(name))
          .with(() -> kernel.delete(KIND, name))
          .with(() -> planner.free(endpoint));
      throw e;
    }
  }

  private void remove(Spare spare) {
    spare.inside().close();
    kernel.removeNamespace(spare.stored().id());
    kernel.delete(KIND, spare.stored().id());
    planner.free(spare.endpoint());
  }

  /** Removes all that are ready and makes no more. */
  void stop() {
    List<Spare> left;
    synchronized (this) {
      network = Optional.empty();
      left = List.copyOf(ready);
      ready.clear();
    }
    left.forEach(this::remove);
  }

  /** Closes what this process holds of them. */
  synchronized void letGo() {
    network = Optional.empty();
    ready.forEach(spare -> spare.inside().close());
    ready.clear();
  }
}
