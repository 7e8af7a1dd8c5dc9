package dev.kemas.address;

import dev.kemas.fault.Fault;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Predicate;

/** Finds a subnet for a new network. Pure. */
public final class SubnetChooser {
  private SubnetChooser() {}

  /**
   * The first subnet of the pools that overlaps nothing in use: other networks, and what the host
   * reaches by a route of its own, such as a VPN.
   *
   * @throws Fault.ResourceExhausted when all are used up
   */
  public static Subnet choose(List<AddressPool> pools, boolean ipv6, List<Subnet> inUse) {
    for (AddressPool pool : pools) {
      if (pool.base().isIpv6() == ipv6) {
        for (Subnet subnet : (Iterable<Subnet>) () -> new Cuts(pool)) {
          Predicate<Subnet> clash = subnet::overlaps;
          if (inUse.stream().noneMatch(clash)) {
            return subnet;
          }
        }
      }
    }
    throw new Fault.ResourceExhausted(
        "all predefined address pools have been fully subnetted; add one with"
            + " --default-address-pool or give the network a --subnet");
  }

  /** The subnets of a pool, one behind the other. */
  private static final class Cuts implements java.util.Iterator<Subnet> {
    private static final int MOST = 1 << 16;
    private final AddressPool pool;
    private final BigInteger step;
    private BigInteger offset = BigInteger.ZERO;
    private int count;

    Cuts(AddressPool pool) {
      this.pool = pool;
      int width = pool.base().isIpv6() ? 128 : 32;
      this.step = BigInteger.ONE.shiftLeft(width - pool.size());
    }

    @Override
    public boolean hasNext() {
      return count < MOST && offset.compareTo(pool.base().size()) < 0;
    }

    @Override
    public Subnet next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Subnet subnet = new Subnet(pool.base().at(offset), pool.size());
      offset = offset.add(step);
      count++;
      return subnet;
    }
  }
}
