package dev.kemas.address;

import dev.kemas.fault.Fault;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A range of addresses in CIDR notation, IPv4 or IPv6. The base has no bits below the prefix.
 *
 * @param base the first address
 * @param prefixLength how many leading bits all its addresses share; 0 to 32, or 0 to 128
 */
public record Subnet(InetAddress base, int prefixLength) {
  /**
   * @throws Fault.InvalidArgument when the prefix length does not fit the family
   */
  public Subnet {
    int width = base.getAddress().length * 8;
    if (prefixLength < 0 || prefixLength > width) {
      throw new Fault.InvalidArgument("invalid CIDR address: " + text(base) + "/" + prefixLength);
    }
    base = address(mask(number(base), width, prefixLength), width / 8);
  }

  /**
   * Reads {@code 172.17.0.0/16} or {@code fd00::/64}; bits below the prefix are dropped.
   *
   * @throws Fault.InvalidArgument when the text is no CIDR notation
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new Fault.InvalidArgument("invalid CIDR address: " + text);
    }
    try {
      return new Subnet(
          parseAddress(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException | Fault.InvalidArgument e) {
      throw new Fault.InvalidArgument("invalid CIDR address: " + text, e);
    }
  }

  /**
   * Reads a literal IPv4 or IPv6 address; never asks a name server.
   *
   * @throws Fault.InvalidArgument when the text is none
   */
  public static InetAddress parseAddress(String text) {
    try {
      // ofLiteral would take "1", "1.2" and a scoped address too
      boolean v4 = text.chars().filter(c -> c == '.').count() == 3 || text.indexOf(':') >= 0;
      if (v4 && text.indexOf('%') < 0 && text.indexOf('[') < 0) {
        return InetAddress.ofLiteral(text);
      }
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid IP address: " + text, e);
    }
    throw new Fault.InvalidArgument("invalid IP address: " + text);
  }

  /**
   * The text of an address, an IPv6 one with its longest run of zeroes left out (RFC 5952, section
   * 4).
   */
  public static String text(InetAddress address) {
    if (address.getAddress().length == 4) {
      return address.getHostAddress();
    }
    List<String> groups = List.of(address.getHostAddress().split(":", -1));
    int from = 0;
    int length = 1;
    for (int i = 0; i < groups.size(); i++) {
      int end = i;
      while (end < groups.size() && groups.get(end).equals("0")) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    return length == 1
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, from))
            + "::"
            + String.join(":", groups.subList(from + length, groups.size()));
  }

  /** Whether it is a range of IPv6 addresses. */
  public boolean isIpv6() {
    return base.getAddress().length == 16;
  }

  /** How many addresses it has, the first and the last one included. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(base.getAddress().length * 8 - prefixLength);
  }

  /** Whether the address is one of its own. */
  public boolean contains(InetAddress address) {
    int width = base.getAddress().length * 8;
    return address.getAddress().length * 8 == width
        && mask(number(address), width, prefixLength).equals(number(base));
  }

  /** Whether the two have an address in common. */
  public boolean overlaps(Subnet other) {
    return contains(other.base) || other.contains(base);
  }

  /** Whether every address of the other is one of its own. */
  public boolean containsAll(Subnet other) {
    return other.prefixLength >= prefixLength && contains(other.base);
  }

  /** The address at an offset from the base. */
  public InetAddress at(BigInteger offset) {
    return address(number(base).add(offset), base.getAddress().length);
  }

  /** The same for a small offset. */
  public InetAddress at(long offset) {
    return at(BigInteger.valueOf(offset));
  }

  /** How far the address is from the base. */
  public BigInteger offset(InetAddress address) {
    return number(address).subtract(number(base));
  }

  /** CIDR notation: {@code 172.17.0.0/16}. */
  @Override
  public String toString() {
    return withPrefix(base);
  }

  /** The address with this range's prefix length: {@code 172.17.0.2/16}. */
  public String withPrefix(InetAddress address) {
    return text(address) + "/" + prefixLength;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static BigInteger mask(BigInteger number, int width, int prefix) {
    return number.shiftRight(width - prefix).shiftLeft(width - prefix);
  }

  private static InetAddress address(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] digits = number.toByteArray();
    int n = Math.min(length, digits.length);
    System.arraycopy(digits, digits.length - n, bytes, length - n, n);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + length + " bytes", e);
    }
  }
}
