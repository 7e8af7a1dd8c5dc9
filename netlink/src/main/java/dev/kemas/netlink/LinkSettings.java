package dev.kemas.netlink;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a network link is to be; what is not said stays as it is. Made by {@link #NONE} or {@link
 * #named}, changed by the {@code with} methods.
 *
 * @param name at most 15 bytes; empty: not said
 * @param mac the 48 bits of the hardware address; 0: not said
 * @param mtu in bytes; 0: not said
 * @param master the index of the bridge it is a port of; 0: of none
 * @param up whether it carries packets
 * @param alias a text of up to 255 bytes for people (not taken when the link is made)
 */
public record LinkSettings(
    String name, long mac, int mtu, OptionalInt master, Optional<Boolean> up, String alias) {
  /** Nothing said. */
  public static final LinkSettings NONE =
      new LinkSettings("", 0, 0, OptionalInt.empty(), Optional.empty(), "");

  /** A name and nothing else. */
  public static LinkSettings named(String name) {
    return new LinkSettings(name, 0, 0, OptionalInt.empty(), Optional.empty(), "");
  }

  /** The same with another name. */
  public LinkSettings withName(String other) {
    return new LinkSettings(other, mac, mtu, master, up, alias);
  }

  /** The same with a hardware address. */
  public LinkSettings withMac(long bits) {
    return new LinkSettings(name, bits, mtu, master, up, alias);
  }

  /** The same with an MTU. */
  public LinkSettings withMtu(int bytes) {
    return new LinkSettings(name, mac, bytes, master, up, alias);
  }

  /** The same as a port of a bridge, 0 for none. */
  public LinkSettings withMaster(int index) {
    return new LinkSettings(name, mac, mtu, OptionalInt.of(index), up, alias);
  }

  /** The same, switched on. */
  public LinkSettings asUp() {
    return new LinkSettings(name, mac, mtu, master, Optional.of(true), alias);
  }

  /** The same, switched off. */
  public LinkSettings asDown() {
    return new LinkSettings(name, mac, mtu, master, Optional.of(false), alias);
  }

  /** The same with a text for people. */
  public LinkSettings withAlias(String text) {
    return new LinkSettings(name, mac, mtu, master, up, text);
  }
}
