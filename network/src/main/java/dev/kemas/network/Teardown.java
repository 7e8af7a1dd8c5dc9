package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.linux.LinkInfo;
import dev.kemas.linux.LinkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
 * <p>A record stays until its links are gone, so a killed daemon's successor finishes the work. All
 * state belongs to the worker thread.
 */
final class Teardown {
  private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);
  private static final long GATHER_MILLIS = 400;
  private static final long LOOK_MILLIS = 40;
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
   * @param afterwards what is to be done when all of it is gone
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
      if (!collecting) {
        collecting = true;
        background.later(GATHER_MILLIS, this::collect);
      }
    });
  }

  /** On the worker. */
  private void collect() {
    collecting = false;
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (Item item : gathered) {
      try {
        if (!item.namespace.isEmpty()) {
          kernel.removeNamespace(item.namespace);
        }
        dying.add(new Dying(item, deadline));
      } catch (RuntimeException e) {
        LOG.warn(
            "the network namespace {} could not be removed; the next start tries again: {}",
            item.namespace,
            e.getMessage());
      }
    }
    gathered.clear();
    if (!dying.isEmpty() && !looking) {
      looking = true;
      background.later(LOOK_MILLIS, this::look);
    }
  }

  /** On the worker. */
  private void look() {
    looking = false;
    try {
      reap();
    } catch (RuntimeException e) {
      LOG.warn("links of closed sandboxes are left to the next start: {}", e.getMessage());
      dying.clear();
    }
    if (!dying.isEmpty()) {
      looking = true;
      background.later(LOOK_MILLIS, this::look);
    }
  }

  private void reap() {
    Set<String> present =
        kernel.links().stream().map(LinkInfo::name).collect(Collectors.toUnmodifiableSet());
    for (Dying d : List.copyOf(dying)) {
      List<LinkRequest.Delete> left =
          d.item.links.stream().filter(present::contains).map(LinkRequest.Delete::new).toList();
      boolean gone = left.isEmpty();
      if (!gone && System.nanoTime() - d.deadline > 0) {
        gone =
            kernel.attempt(left).stream()
                .allMatch(o -> o.failure().map(Teardown::isGone).orElse(true));
      }
      if (gone) {
        dying.remove(d);
        d.item.afterwards.run();
      }
    }
  }

  private static boolean isGone(Fault failure) {
    return Errno.of(failure).filter(e -> e == Errno.ENODEV).isPresent();
  }

  /** Does what is left at once and waits for it; on the worker. */
  void finish() {
    collect();
    long giveUp = System.nanoTime() + 5 * PATIENCE_NANOS;
    while (!dying.isEmpty() && System.nanoTime() - giveUp < 0) {
      reap();
      if (!dying.isEmpty()) {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }
}
