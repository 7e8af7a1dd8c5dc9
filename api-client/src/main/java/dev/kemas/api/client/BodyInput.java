package dev.kemas.api.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer: chunked, of a known length, or to the end of the connection (RFC 9112,
 * section 6). At its end the connection goes back to the client; closed before, the connection is
 * closed.
 */
final class BodyInput extends InputStream {
  private static final long CHUNKED = -1;
  private static final long TO_THE_END = -2;

  private final Connection connection;
  private final EngineClient client;
  private final boolean chunked;
  private final boolean reusable;
  private long left;

  /** Whether the end of the line behind a chunk is still to come. */
  private boolean lineEnds;

  private volatile boolean ended;

  private BodyInput(EngineClient client, Connection connection, long length, boolean reusable) {
    this.client = client;
    this.connection = connection;
    this.chunked = length == CHUNKED;
    this.left = length == CHUNKED ? 0 : length == TO_THE_END ? Long.MAX_VALUE : length;
    this.reusable = reusable && length != TO_THE_END;
  }

  static BodyInput of(
      EngineClient client, Connection connection, Connection.Head head, boolean empty)
      throws IOException {
    boolean reusable = !head.header("connection").equalsIgnoreCase("close");
    BodyInput body = new BodyInput(client, connection, empty ? 0 : length(head), reusable);
    if (!body.chunked && body.left == 0) {
      body.end();
    }
    return body;
  }

  private static long length(Connection.Head head) throws IOException {
    if (head.header("transfer-encoding").equalsIgnoreCase("chunked")) {
      return CHUNKED;
    }
    String length = head.header("content-length");
    if (length.isEmpty()) {
      return TO_THE_END;
    }
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new IOException("the server sent a Content-Length of " + length, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    if (chunked && left == 0 && !nextChunk()) {
      return -1;
    }
    int count = connection.read(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      boolean complete = left == Long.MAX_VALUE;
      abandon();
      if (complete) {
        return -1;
      }
      throw new EOFException("the server closed the connection in the middle of an answer");
    }
    if (left != Long.MAX_VALUE) {
      left -= count;
    }
    if (left == 0) {
      if (!chunked) {
        end();
      } else {
        // servers send it along with the next chunk: to wait for it here would hold this one back
        lineEnds = true;
      }
    }
    return count;
  }

  private boolean nextChunk() throws IOException {
    if (lineEnds) {
      connection.readLine();
      lineEnds = false;
    }
    String line = connection.readLine();
    int semicolon = line.indexOf(';');
    String size = semicolon < 0 ? line : line.substring(0, semicolon);
    try {
      left = Long.parseLong(size.trim(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("the server sent a chunk of size " + line, e);
    }
    if (left > 0) {
      return true;
    }
    // trailers say nothing that is used here
    String trailer = connection.readLine();
    while (!trailer.isEmpty()) {
      trailer = connection.readLine();
    }
    end();
    return false;
  }

  private void end() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    if (reusable) {
      client.giveBack(connection);
    } else {
      connection.close();
    }
  }

  private void abandon() throws IOException {
    ended = true;
    connection.close();
  }

  @Override
  public void close() throws IOException {
    if (!ended) {
      abandon();
    }
  }
}
