package dev.kemas.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces that are plugged into the default network already, without an address: what a
 * container is given is then one message away. Each is recorded before it is made. Refilled in the
 * background, a moment after one was taken, so as not to compete with the container that starts.
 * Safe for any thread.
 */
final class SparePool {
  static final String KIND = "spare";
  static final String INTERFACE = "eth0";
  private static final Logger LOG = LoggerFactory.getLogger(SparePool.class);
  private static final long PAUSE_MILLIS = 60;

  private final NetworkSettings settings;
  private final HostKernel kernel;
  private final SandboxWire wire;
  private final Background background;
  private final Deque<Spare> ready = new ArrayDeque<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private Optional<NetworkCatalog.Known> network = Optional.empty();

  /**
   * One that is ready.
   *
   * @param inside its namespace
   * @param hostLink the host's end of its pair
   * @param index of {@link #INTERFACE} inside
   */
  record Spare(SandboxWire.Inside inside, String hostLink, int index) {}

  SparePool(NetworkSettings settings, HostKernel kernel, SandboxWire wire, Background background) {
    this.settings = settings;
    this.kernel = kernel;
    this.wire = wire;
    this.background = background;
  }

  /** Starts to keep spares for the default network. */
  synchronized void start(NetworkCatalog.Known defaultNetwork) {
    network = Optional.of(defaultNetwork);
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
    background.soon(() -> kernel.delete(KIND, spare.inside().name()));
  }

  private void refillSoon() {
    if (settings.spares() > 0 && scheduled.compareAndSet(false, true)) {
      background.later(PAUSE_MILLIS, this::refill);
    }
  }

  /** Makes what is missing; on the worker. */
  void refill() {
    scheduled.set(false);
    while (true) {
      NetworkCatalog.Known known;
      synchronized (this) {
        if (network.isEmpty() || ready.size() >= settings.spares()) {
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
    String link = Ids.link(settings.instance());
    kernel.put(new NetworkRecords.Entry(KIND, name, new RecordText().put("link", link).toString()));
    try {
      SandboxWire.Inside inside = wire.make(name);
      try {
        return new Spare(inside, link, wire.plug(inside, link, INTERFACE, 0, known));
      } catch (RuntimeException | Error e) {
        inside.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      Undo.after(e).with(() -> kernel.removeNamespace(name)).with(() -> kernel.delete(KIND, name));
      throw e;
    }
  }

  private void remove(Spare spare) {
    spare.inside().close();
    kernel.removeNamespace(spare.inside().name());
    kernel.delete(KIND, spare.inside().name());
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

  /** How many are ready. */
  synchronized int size() {
    return ready.size();
  }
}
