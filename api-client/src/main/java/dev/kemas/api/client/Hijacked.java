package dev.kemas.api.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection that an attach or an exec has taken over: raw bytes both ways, or {@linkplain
 * StdioFrames frames} towards the client. One thread may read while another writes.
 */
public final class Hijacked implements AutoCloseable {
  private final Connection connection;
  private final String contentType;

  Hijacked(Connection connection, String contentType) {
    this.connection = connection;
    this.contentType = contentType;
  }

  /** What the process writes. */
  public InputStream input() {
    return connection.input();
  }

  /** What the process reads. */
  public OutputStream output() {
    return connection.output();
  }

  /** The media type that the server named for the stream; "" from older servers. */
  public String contentType() {
    return contentType;
  }

  /** The process sees the end of its input; its output goes on. */
  public void closeOutput() {
    try {
      connection.shutdownOutput();
    } catch (IOException e) {
      throw Faults.broken(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw Faults.broken(e);
    }
  }
}
