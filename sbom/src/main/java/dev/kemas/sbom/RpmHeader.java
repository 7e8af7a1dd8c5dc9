package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A package header as rpm's databases hold it: the number of entries and of data bytes, entries of
 * tag, type, offset and count, then the data (rpm, "Package Format", "Header Structure").
 */
final class RpmHeader {
  static final int SIGMD5 = 261;
  static final int SHA256HEADER = 273;
  static final int NAME = 1000;
  static final int VERSION = 1001;
  static final int RELEASE = 1002;
  static final int EPOCH = 1003;
  static final int LICENSE = 1014;
  static final int ARCH = 1022;
  static final int SOURCERPM = 1044;

  private static final int INT32 = 4;
  private static final int STRING = 6;
  private static final int BINARY = 7;
  private static final int ENTRY = 16;

  private final ByteBuffer data;
  private final Map<Integer, Place> places = new HashMap<>();

  private record Place(int type, int offset, int count) {}

  /**
   * Reads a header.
   *
   * @throws Fault.InvalidArgument when it is cut off or points outside itself
   */
  RpmHeader(byte[] blob) {
    ByteBuffer in = ByteBuffer.wrap(blob); // big-endian, as rpm writes
    if (blob.length < 8) {
      throw new Fault.InvalidArgument("a header of " + blob.length + " bytes");
    }
    long entries = in.getInt() & 0xFFFFFFFFL;
    long bytes = in.getInt() & 0xFFFFFFFFL;
    if (8 + entries * ENTRY + bytes > blob.length) {
      throw new Fault.InvalidArgument(
          "a header of " + entries + " entries and " + bytes + " bytes in " + blob.length);
    }
    for (int i = 0; i < entries; i++) {
      int tag = in.getInt();
      places.putIfAbsent(tag, new Place(in.getInt(), in.getInt(), in.getInt()));
    }
    data = in.slice(in.position(), (int) bytes);
  }

  /** A text; the empty one when the header lacks it. */
  String text(int tag) {
    Place place = places.get(tag);
    // an international string's first is the plain one
    if (place == null || place.type() < STRING || place.type() == BINARY) {
      return "";
    }
    int from = within(place.offset(), 0);
    int end = from;
    while (end < data.limit() && data.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - from];
    data.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A number of 32 bits. */
  OptionalLong number(int tag) {
    Place place = places.get(tag);
    if (place == null || place.type() != INT32) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(data.getInt(within(place.offset(), Integer.BYTES)) & 0xFFFFFFFFL);
  }

  /** Bytes. */
  Optional<byte[]> bytes(int tag) {
    Place place = places.get(tag);
    if (place == null || place.type() != BINARY) {
      return Optional.empty();
    }
    if (place.count() < 0) {
      throw new Fault.InvalidArgument("a header entry of " + place.count() + " bytes");
    }
    int from = within(place.offset(), place.count());
    byte[] bytes = new byte[place.count()];
    data.get(from, bytes);
    return Optional.of(bytes);
  }

  private int within(int offset, int length) {
    if (offset < 0 || (long) offset + length > data.limit()) {
      throw new Fault.InvalidArgument("a header entry that points outside the header");
    }
    return offset;
  }
}
