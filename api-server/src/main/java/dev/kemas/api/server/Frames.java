package dev.kemas.api.server;

import dev.kemas.api.server.http.RawStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Output on its way to a client: with a header before each piece, or bare from a terminal. */
final class Frames {
  private Frames() {}

  /** To a connection that was taken over. */
  static StreamSink to(RawStream stream, boolean terminal) {
    return terminal
        ? (type, bytes) -> stream.write(bytes)
        : (type, bytes) -> stream.write(type.header(bytes.remaining()), bytes);
  }

  /** To the body of an answer. */
  static StreamSink to(OutputStream out, boolean terminal) {
    return (type, bytes) -> {
      if (!terminal) {
        write(out, type.header(bytes.remaining()));
      }
      write(out, bytes);
    };
  }

  private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      bytes.position(bytes.limit());
    } else {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      out.write(copy);
    }
  }
}
