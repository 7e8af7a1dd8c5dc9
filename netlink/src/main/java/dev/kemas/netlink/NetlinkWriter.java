package dev.kemas.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Builds netlink messages one behind the other, as they go out in one send (netlink(7)): a header,
 * the fixed structure of the message type, attributes, everything aligned to four bytes.
 */
final class NetlinkWriter {
  static final int HEADER = 16;
  private static final int NLA_F_NESTED = 0x8000;

  private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
  private int message;

  /** Starts a message; {@link #end} completes it. */
  void begin(int type, int flags, int sequence) {
    room(HEADER);
    message = buffer.position();
    buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
  }

  void end() {
    buffer.putInt(message, buffer.position() - message);
  }

  NetlinkWriter u8(int value) {
    room(1);
    buffer.put((byte) value);
    return this;
  }

  NetlinkWriter u16(int value) {
    room(2);
    buffer.putShort((short) value);
    return this;
  }

  NetlinkWriter u32(int value) {
    room(4);
    buffer.putInt(value);
    return this;
  }

  void attribute(int type, byte[] value) {
    room(8 + value.length);
    buffer.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    align();
  }

  void attribute(int type, int value) {
    room(8);
    buffer.putShort((short) 8).putShort((short) type).putInt(value);
  }

  void attributeU8(int type, int value) {
    attribute(type, new byte[] {(byte) value});
  }

  /** A text with the NUL that the kernel expects behind it. */
  void attribute(int type, String value) {
    attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** Starts an attribute that holds others; the result is what {@link #close} needs. */
  int nest(int type) {
    room(4);
    int at = buffer.position();
    buffer.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
    return at;
  }

  /** An attribute that holds others, as it was received. */
  void nested(int type, byte[] value) {
    attribute(type | NLA_F_NESTED, value);
  }

  void close(int nest) {
    buffer.putShort(nest, (short) (buffer.position() - nest));
  }

  int size() {
    return buffer.position();
  }

  byte[] bytes() {
    byte[] out = new byte[buffer.position()];
    buffer.get(0, out);
    return out;
  }

  private void align() {
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes + 4) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes + 4))
              .order(ByteOrder.nativeOrder());
      larger.put(buffer.flip());
      buffer = larger;
    }
  }
}
