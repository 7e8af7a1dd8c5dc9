package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes namespaces and their links in the background. The kernel takes 10 to 30 ms for a link,
 * nearly all of it waiting, with a lock held that every other change of links needs. So nothing is
 * removed at once: what was given up within a short while goes together, the links by the death of
 * their namespaces, which the kernel handles as one. Only what outlives that (a process still sits
 * in the namespace) is removed by name.
 *
 * <p>A record stays until its links are gone, so a killed daemon's successor finishes the work.
 * What fails is tried again. All state belongs to the worker thread.
 */
final class Teardown {
  private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);
  private static final long GATHER_MILLIS = 400;
  private static final long LOOK_MILLIS = 40;
  private static final long RETRY_MILLIS = 5000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HostKernel kernel;
  private final Background background;
  private final List<Item> gathered = new ArrayList<>();
  private final List<Dying> dying = new ArrayList<>();
  private boolean collecting;
  private boolean looking;

  /**
   * What is to go.
   *
   * @param namespace the name of its file; empty: none
   * @param links the host's ends
   * @param afterwards what is to be done when all of it is gone; may be called again after it
   *     failed
   */
  record Item(String namespace, List<String> links, Runnable afterwards) {
    Item {
      links = List.copyOf(links);
    }
  }

  private record Dying(Item item, long deadline) {}

  Teardown(HostKernel kernel, Background background) {
    this.kernel = kernel;
    this.background = background;
  }

  void later(Item item) {
    background.soon(() -> {
      gathered.add(item);
      collectIn(GATHER_MILLIS);
    });
  }

  private void collectIn(long millis) {
    if (!collecting) {
      collecting = true;
      background.later(millis, this::collect);
    }
  }

  /** On the worker. */
  private void collect() {
    collecting = false;
    removeNamespaces();
    if (!gathered.isEmpty()) {
      collectIn(RETRY_MILLIS);
    }
    lookIn(LOOK_MILLIS);
  }

  private void removeNamespaces() {
    List<Item> items = List.copyOf(gathered);
    gathered.clear();
    for (Item item : items) {
      try {
        if (!item.namespace.isEmpty()) {
          kernel.removeNamespace(item.namespace);
        }
        dying.add(new Dying(item, System.nanoTime() + PATIENCE_NANOS));
      } catch (RuntimeException e) {
        LOG.warn(
            "the network namespace {} could not be removed yet: {}",
            item.namespace,
            e.getMessage());
        gathered.add(item);
      }
    }
  }

  private void lookIn(long millis) {
    if (!dying.isEmpty() && !looking) {
      looking = true;
      background.later(millis, this::look);
    }
  }

  /** On the worker. */
  private void look() {
    looking = false;
    lookIn(reap() ? LOOK_MILLIS : RETRY_MILLIS);
  }

  /** Whether all that was tried worked, be it that some links are not gone yet. */
  private boolean reap() {
    try {
      Set<String> present =
          kernel.links().stream().map(LinkInfo::name).collect(Collectors.toUnmodifiableSet());
      for (Dying d : List.copyOf(dying)) {
        if (isGone(d, present)) {
          d.item.afterwards.run();
          dying.remove(d);
        }
      }
      return true;
    } catch (RuntimeException e) {
      LOG.warn("what is left of closed sandboxes could not be removed yet: {}", e.getMessage());
      return false;
    }
  }

  private boolean isGone(Dying d, Set<String> present) {
    List<LinkRequest.Delete> left =
        d.item.links.stream().filter(present::contains).map(LinkRequest.Delete::new).toList();
    if (left.isEmpty()) {
      return true;
    }
    return System.nanoTime() - d.deadline > 0
        && kernel.attempt(left).stream()
            .allMatch(o -> o.failure().map(Teardown::none).orElse(true));
  }

  private static boolean none(Fault failure) {
    return Errno.of(failure).filter(e -> e == Errno.ENODEV).isPresent();
  }

  /** Does what is left at once and waits for it; on the worker. */
  void finish() {
    long giveUp = System.nanoTime() + 5 * PATIENCE_NANOS;
    while (!(gathered.isEmpty() && dying.isEmpty()) && System.nanoTime() - giveUp < 0) {
      removeNamespaces();
      reap();
      if (!dying.isEmpty()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }
}
