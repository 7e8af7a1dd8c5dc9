package dev.kemas.network;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names that this instance gives to what it makes. Links carry the instance, so that what no record
 * knows any more can be told from other instances' links and be removed.
 */
final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int LINK_DIGITS = 7;

  private Ids() {}

  /** 64 hexadecimal digits. */
  static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The host's end of a pair: {@code ve}, instance, seven characters; 15 at most. */
  static String link(String instance) {
    return "ve" + instance + characters(LINK_DIGITS);
  }

  /** The bridge of a network: {@code br-}, instance, the start of the id; 15 at most. */
  static String bridge(String instance, String networkId) {
    return "br-" + instance + networkId.substring(0, 6);
  }

  /** A file for a namespace. */
  static String namespace() {
    return characters(12);
  }

  /** Whether a link of this name was made by this instance, other than its default bridge. */
  static Pattern links(String instance) {
    return Pattern.compile("ve" + instance + "[0-9a-z]{7}|br-" + instance + "[0-9a-f]{6}");
  }

  private static String characters(int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
    }
    return text.toString();
  }
}
