package dev.kemas.netlink;

import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes one received netlink message apart: the fixed structure, then attributes by their type. */
final class NetlinkReader {
  private static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer fixed;
  private final Map<Integer, ByteBuffer> attributes;

  /**
   * @param payload what follows the message header
   * @param fixedLength the size of the structure in front of the attributes
   */
  NetlinkReader(ByteBuffer payload, int fixedLength) {
    if (payload.remaining() < fixedLength) {
      throw new Fault.Internal("netlink: a message of " + payload.remaining() + " bytes is short");
    }
    fixed = slice(payload, 0, fixedLength);
    attributes = attributes(slice(payload, fixedLength, payload.remaining() - fixedLength));
  }

  private NetlinkReader(ByteBuffer nested) {
    fixed = slice(nested, 0, 0);
    attributes = attributes(nested);
  }

  private static ByteBuffer slice(ByteBuffer from, int offset, int length) {
    return from.slice(from.position() + offset, length).order(ByteOrder.nativeOrder());
  }

  private static Map<Integer, ByteBuffer> attributes(ByteBuffer in) {
    Map<Integer, ByteBuffer> found = new HashMap<>();
    int at = 0;
    while (at + 4 <= in.limit()) {
      int length = Short.toUnsignedInt(in.getShort(at));
      if (length < 4 || at + length > in.limit()) {
        break;
      }
      int type = Short.toUnsignedInt(in.getShort(at + 2)) & TYPE_MASK;
      found.put(type, in.slice(at + 4, length - 4).order(ByteOrder.nativeOrder()));
      at += (length + 3) & ~3;
    }
    return found;
  }

  int u8(int offset) {
    return Byte.toUnsignedInt(fixed.get(offset));
  }

  int u16(int offset) {
    return Short.toUnsignedInt(fixed.getShort(offset));
  }

  int u32(int offset) {
    return fixed.getInt(offset);
  }

  boolean has(int type) {
    return attributes.containsKey(type);
  }

  int number(int type, int otherwise) {
    ByteBuffer value = attributes.get(type);
    return value == null || value.limit() < 4 ? otherwise : value.getInt(0);
  }

  /** A text, without the NUL behind it; empty when there is none. */
  String text(int type) {
    ByteBuffer value = attributes.get(type);
    if (value == null) {
      return "";
    }
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** A hardware address of six octets; 0 when there is none. */
  long mac(int type) {
    ByteBuffer value = attributes.get(type);
    if (value == null || value.limit() != 6) {
      return 0;
    }
    long bits = 0;
    for (int i = 0; i < 6; i++) {
      bits = bits << 8 | Byte.toUnsignedLong(value.get(i));
    }
    return bits;
  }

  Optional<InetAddress> address(int type) {
    ByteBuffer value = attributes.get(type);
    if (value == null) {
      return Optional.empty();
    }
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new Fault.Internal("netlink: an address of " + bytes.length + " bytes", e);
    }
  }

  /** The value as it is; empty when there is none. */
  byte[] bytes(int type) {
    ByteBuffer value = attributes.get(type);
    byte[] bytes = new byte[value == null ? 0 : value.limit()];
    if (value != null) {
      value.get(0, bytes);
    }
    return bytes;
  }

  /** A number of one byte; -1 when there is none. */
  int byteAt(int type) {
    byte[] value = bytes(type);
    return value.length == 0 ? -1 : Byte.toUnsignedInt(value[0]);
  }

  /** A number of two bytes in network order; -1 when there is none. */
  int networkShort(int type) {
    byte[] value = bytes(type);
    return value.length < 2 ? -1 : Byte.toUnsignedInt(value[0]) << 8 | Byte.toUnsignedInt(value[1]);
  }

  Optional<NetlinkReader> nested(int type) {
    return Optional.ofNullable(attributes.get(type)).map(NetlinkReader::new);
  }
}
