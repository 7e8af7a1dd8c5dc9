package dev.kemas.linux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * File names as the kernel has them (bytes without NUL and slash) and as Java has them. Valid UTF-8
 * maps to itself; every other byte 0xNN maps to the lone surrogate U+DCNN and back, so that any
 * name makes the round trip unchanged (the scheme of Python's {@code surrogateescape}, PEP 383).
 */
public final class FileNames {
  private FileNames() {}

  /** The bytes of a name. */
  public static byte[] encode(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        return encodeEscaped(name);
      }
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** The name of these bytes. */
  public static String decode(byte[] bytes, int from, int length) {
    String plain = new String(bytes, from, length, StandardCharsets.UTF_8);
    return plain.indexOf('\uFFFD') < 0 ? plain : decodeEscaped(bytes, from, length);
  }

  /** The name of these bytes. */
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  private static byte[] encodeEscaped(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.length() + 16);
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      if (point >= 0xDC80 && point <= 0xDCFF) {
        out.write(point & 0xFF);
      } else {
        out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
      }
      i += Character.charCount(point);
    }
    return out.toByteArray();
  }

  private static String decodeEscaped(byte[] bytes, int from, int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (0xDC00 | (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }
}
