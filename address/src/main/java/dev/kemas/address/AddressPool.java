package dev.kemas.address;

import dev.kemas.fault.Fault;
import java.util.List;

/**
 * A range that subnets for new networks are cut from (dockerd's --default-address-pool).
 *
 * @param base the range
 * @param size the prefix length of each subnet
 */
public record AddressPool(Subnet base, int size) {
  /** What dockerd uses when nothing is configured, in its order. */
  public static final List<AddressPool> DOCKER_DEFAULTS =
      List.of(
          of("172.17.0.0/16", 16),
          of("172.18.0.0/16", 16),
          of("172.19.0.0/16", 16),
          of("172.20.0.0/14", 16),
          of("172.24.0.0/14", 16),
          of("172.28.0.0/14", 16),
          of("192.168.0.0/16", 20));

  /**
   * @throws Fault.InvalidArgument when a subnet of that size does not fit into the range
   */
  public AddressPool {
    int width = base.isIpv6() ? 128 : 32;
    if (size < base.prefixLength() || size > width) {
      throw new Fault.InvalidArgument(
          "the size "
              + size
              + " of the default address pool "
              + base
              + " is not between "
              + base.prefixLength()
              + " and "
              + width);
    }
  }

  /** Reads the base. */
  public static AddressPool of(String base, int size) {
    return new AddressPool(Subnet.parse(base), size);
  }
}
