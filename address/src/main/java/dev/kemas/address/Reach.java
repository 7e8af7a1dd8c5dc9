package dev.kemas.address;

import java.net.InetAddress;

/**
 * From where an address can be reached: what decides whether one place may send a fetch on to
 * another (RFC 6890, RFC 4193). The order is that of trust: a fetch that began at one may be sent
 * to the same or to a later one, never to an earlier one.
 */
public enum Reach {
  /** This machine: 127.0.0.0/8, ::1, and the addresses that stand for "any". */
  LOOPBACK,

  /** This link: 169.254.0.0/16, where clouds keep their metadata, and fe80::/10. */
  LINK,

  /** A network of one's own: RFC 1918, RFC 6598, fc00::/7. */
  PRIVATE,

  /** The internet. */
  PUBLIC;

  /** The reach of an address; an IPv4 address within an IPv6 one is taken as itself. */
  public static Reach of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16 && embedded(bytes) >= 0) {
      int at = embedded(bytes);
      return of4(new byte[] {bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]});
    }
    if (bytes.length == 4) {
      return of4(bytes);
    }
    if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return LOOPBACK;
    }
    if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
      return LINK;
    }
    boolean unique = (bytes[0] & 0xFE) == 0xFC;
    return unique || address.isSiteLocalAddress() ? PRIVATE : PUBLIC;
  }

  private static Reach of4(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    if (first == 127 || first == 0) {
      return LOOPBACK;
    }
    if ((first == 169 && second == 254) || first >= 224) {
      return LINK;
    }
    boolean own =
        first == 10
            || (first == 172 && second >= 16 && second < 32)
            || (first == 192 && second == 168)
            || (first == 100 && second >= 64 && second < 128);
    return own ? PRIVATE : PUBLIC;
  }

  /** Where an IPv4 address begins in a mapped (RFC 4291) or a translated one (RFC 6052), or -1. */
  private static int embedded(byte[] bytes) {
    boolean zero = true;
    for (int i = 0; i < 10; i++) {
      zero &= bytes[i] == 0;
    }
    if (zero && bytes[10] == -1 && bytes[11] == -1) {
      return 12;
    }
    boolean translated = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == -1 && bytes[3] == -101;
    for (int i = 4; i < 12; i++) {
      translated &= bytes[i] == 0;
    }
    return translated ? 12 : -1;
  }

  /** Whether a fetch that began here may be sent on to there. */
  public boolean permits(Reach next) {
    return next.compareTo(this) >= 0;
  }
}
