package dev.kemas.address;

import dev.kemas.fault.Fault;
import java.net.Inet4Address;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The hardware address of a link.
 *
 * @param bits its 48 bits, the first octet the highest
 */
public record MacAddress(long bits) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
  private static final Pattern TEXT =
      Pattern.compile("[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\\1){4}[0-9a-fA-F]{2}");

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new Fault.InvalidArgument("invalid MAC address: more than 48 bits");
    }
  }

  /**
   * Reads {@code 02:42:ac:11:00:02}, dashes allowed.
   *
   * @throws Fault.InvalidArgument when the text is no MAC address of six octets
   */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new Fault.InvalidArgument("invalid MAC address: " + text);
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "").replace("-", "")));
  }

  /**
   * The address that Docker derives from an IPv4 address: 02:42 and its four octets, so that a
   * container that gets the address of another one is not hidden by its neighbours' ARP caches.
   */
  public static MacAddress of(Inet4Address address) {
    byte[] b = address.getAddress();
    return new MacAddress(
        0x0242_0000_0000L
            | (b[0] & 0xFFL) << 24
            | (b[1] & 0xFFL) << 16
            | (b[2] & 0xFFL) << 8
            | (b[3] & 0xFFL));
  }

  /** Its six octets in order. */
  public byte[] octets() {
    byte[] octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return octets;
  }

  /** {@code 02:42:ac:11:00:02}. */
  @Override
  public String toString() {
    return COLONS.formatHex(octets());
  }
}
