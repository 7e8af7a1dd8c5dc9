package dev.kemas.api.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The multiplexed stream of a container without a terminal: frames of an 8-byte header (stream,
 * three zeros, length as big-endian 32 bits) and as many bytes (Engine API, ContainerAttach,
 * "Stream format").
 */
public final class StdioFrames {
  private static final int HEADER = 8;

  private StdioFrames() {}

  /**
   * Copies frames to the two outputs, each flushed after every frame, until the stream ends. A
   * frame of stream 3 is an error text of the server and ends the copy with an exception.
   */
  public static void copy(InputStream in, OutputStream out, OutputStream err) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (true) {
      int got = in.readNBytes(buffer, 0, HEADER);
      if (got == 0) {
        return;
      }
      if (got < HEADER) {
        throw new EOFException("the stream ended within a frame header");
      }
      int stream = buffer[0] & 0xff;
      if (stream > 3 || (buffer[1] | buffer[2] | buffer[3]) != 0) {
        throw new IOException("Unrecognized input header: " + stream);
      }
      long length =
          (buffer[4] & 0xffL) << 24
              | (buffer[5] & 0xff) << 16
              | (buffer[6] & 0xff) << 8
              | (buffer[7] & 0xff);
      if (stream == 3) {
        byte[] text = in.readNBytes((int) Math.min(length, buffer.length));
        throw new IOException(
            "error from daemon in stream: " + new String(text, StandardCharsets.UTF_8));
      }
      copyFrame(in, stream == 2 ? err : out, length, buffer);
    }
  }

  private static void copyFrame(InputStream in, OutputStream target, long length, byte[] buffer)
      throws IOException {
    long left = length;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new EOFException("the stream ended within a frame");
      }
      target.write(buffer, 0, count);
      left -= count;
    }
    target.flush();
  }
}
