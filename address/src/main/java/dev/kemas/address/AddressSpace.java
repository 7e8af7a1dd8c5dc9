package dev.kemas.address;

import dev.kemas.fault.Fault;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses of one subnet of a network. Given out in a circle, so that a freed address comes
 * back as late as possible: a neighbour may still remember its last owner. Safe for any thread.
 */
public final class AddressSpace {
  private final Subnet subnet;
  private final Subnet range;
  private final BigInteger first;
  private final BigInteger size;
  private final Set<InetAddress> taken = new HashSet<>();
  private final Set<InetAddress> never = new HashSet<>();
  private final BigInteger usable;
  private BigInteger next = BigInteger.ZERO;
  private long takenInRange;

  /**
   * A subnet of which nothing is taken.
   *
   * @param range where addresses are taken from that nobody asked for
   * @param reserved never given out, beside the first address and an IPv4 subnet's last one
   */
  public AddressSpace(Subnet subnet, Subnet range, Collection<InetAddress> reserved) {
    this.subnet = subnet;
    this.range = range;
    first = subnet.offset(range.base());
    size = range.size();
    never.add(subnet.base());
    if (!subnet.isIpv6() && subnet.prefixLength() < 31) {
      never.add(subnet.at(subnet.size().subtract(BigInteger.ONE)));
    }
    never.addAll(reserved);
    usable = size.subtract(BigInteger.valueOf(never.stream().filter(range::contains).count()));
  }

  /** The subnet. */
  public Subnet subnet() {
    return subnet;
  }

  /**
   * Takes the next free address.
   *
   * @throws Fault.ResourceExhausted when there is none
   */
  public synchronized InetAddress take() {
    if (BigInteger.valueOf(takenInRange).compareTo(usable) >= 0) {
      throw new Fault.ResourceExhausted(
          "no available IPv"
              + (subnet.isIpv6() ? "6" : "4")
              + " addresses on this network's address pools: "
              + range);
    }
    while (true) {
      InetAddress candidate = subnet.at(first.add(next));
      next = next.add(BigInteger.ONE).mod(size);
      if (!never.contains(candidate) && taken.add(candidate)) {
        takenInRange++;
        return candidate;
      }
    }
  }

  /**
   * Takes a given address.
   *
   * @throws Fault.Conflict when it is in use
   * @throws Fault.InvalidArgument when it is not of this subnet
   */
  public synchronized void take(InetAddress address) {
    if (!subnet.contains(address)) {
      throw new Fault.InvalidArgument(
          "invalid endpoint settings: no configured subnet contains IP address "
              + Subnet.text(address));
    }
    if (never.contains(address) || !taken.add(address)) {
      throw new Fault.Conflict("Address already in use: " + Subnet.text(address));
    }
    if (range.contains(address)) {
      takenInRange++;
    }
  }

  /** Gives an address back; nothing happens when it was free. */
  public synchronized void free(InetAddress address) {
    if (taken.remove(address) && range.contains(address)) {
      takenInRange--;
    }
  }
}
