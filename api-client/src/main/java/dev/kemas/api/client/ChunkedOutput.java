package dev.kemas.api.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a body in chunks (RFC 9112, section 7.1), each at most 32 KiB and sent in one write. */
final class ChunkedOutput extends OutputStream {
  /** Room before the data for the length in hexadecimal and a line end. */
  private static final int HEAD = 6;

  private static final int CAPACITY = 32 * 1024;

  private final Connection connection;
  private final byte[] chunk = new byte[HEAD + CAPACITY + 2];
  private int length;

  ChunkedOutput(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void write(int b) throws IOException {
    chunk[HEAD + length++] = (byte) b;
    if (length == CAPACITY) {
      flush();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    int left = count;
    while (left > 0) {
      int part = Math.min(left, CAPACITY - length);
      System.arraycopy(bytes, from, chunk, HEAD + length, part);
      length += part;
      from += part;
      left -= part;
      if (length == CAPACITY) {
        flush();
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (length == 0) {
      return;
    }
    byte[] size = Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII);
    int start = HEAD - 2 - size.length;
    System.arraycopy(size, 0, chunk, start, size.length);
    chunk[HEAD - 2] = '\r';
    chunk[HEAD - 1] = '\n';
    chunk[HEAD + length] = '\r';
    chunk[HEAD + length + 1] = '\n';
    connection.write(chunk, start, HEAD - start + length + 2);
    length = 0;
  }

  void finish() throws IOException {
    flush();
    connection.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }
}
