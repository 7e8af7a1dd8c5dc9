package dev.kemas.metadata;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The leases of one engine. Thread-safe; every method returns at once. */
public final class Leases {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Lease, Set<Resource>> held = new HashMap<>();
  private long additions;

  /** No leases. */
  public Leases() {}

  /**
   * A new lease on nothing yet.
   *
   * @param purpose for messages: {@code pull docker.io/library/busybox}
   */
  public Lease take(String purpose) {
    Lease lease = new Lease(this, purpose);
    lock.lock();
    try {
      held.put(lease, new HashSet<>());
    } finally {
      lock.unlock();
    }
    return lease;
  }

  void add(Lease lease, Resource resource) {
    lock.lock();
    try {
      Set<Resource> resources = held.get(lease);
      if (resources == null) {
        throw new IllegalStateException("the lease for " + lease.purpose() + " is closed");
      }
      if (resources.add(resource)) {
        additions++;
      }
    } finally {
      lock.unlock();
    }
  }

  void drop(Lease lease) {
    lock.lock();
    try {
      held.remove(lease);
    } finally {
      lock.unlock();
    }
  }

  /** All that is leased at one instant, and how many additions there had been. */
  record State(Set<Resource> resources, long additions) {}

  State state() {
    lock.lock();
    try {
      Set<Resource> all = new HashSet<>();
      held.values().forEach(all::addAll);
      return new State(all, additions);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the work unless somebody has leased the resource, keeping others from leasing meanwhile.
   * Whoever leases it later sees what was done.
   *
   * @return whether the work ran
   */
  public boolean unlessHeld(Resource resource, Runnable work) {
    lock.lock();
    try {
      if (held.values().stream().anyMatch(resources -> resources.contains(resource))) {
        return false;
      }
      work.run();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody has leased a resource at this moment. */
  public boolean isHeld(Resource resource) {
    return !unlessHeld(resource, () -> {});
  }

  /** Who holds what at one instant. */
  List<Owner> owners() {
    lock.lock();
    try {
      return held.entrySet().stream()
          .map(e -> new Owner("lease for " + e.getKey().purpose(), List.copyOf(e.getValue())))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the work if nothing was leased since that state, keeping others from leasing meanwhile.
   */
  boolean ifUnchanged(State since, BooleanSupplier work) {
    lock.lock();
    try {
      return additions == since.additions() && work.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }
}
