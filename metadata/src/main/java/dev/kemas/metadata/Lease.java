package dev.kemas.metadata;

/**
 * Keeps resources, and all that they reference, from the garbage collector while something is being
 * made of them that no root reaches yet. Lease first, then look whether the resource is there: what
 * is leased and there stays there.
 *
 * <p>A lease lives in memory: after the death of the process nobody goes on with the work it stood
 * for. Thread-safe. Close it after what keeps the resources for good is recorded.
 */
public final class Lease implements AutoCloseable {
  private final Leases leases;
  private final String purpose;

  Lease(Leases leases, String purpose) {
    this.leases = leases;
    this.purpose = purpose;
  }

  /** What for, as given. */
  public String purpose() {
    return purpose;
  }

  /** Keeps a resource, whether it is there already or not. */
  public void add(Resource resource) {
    leases.add(this, resource);
  }

  /** Gives all up; a second call does nothing. */
  @Override
  public void close() {
    leases.drop(this);
  }
}
