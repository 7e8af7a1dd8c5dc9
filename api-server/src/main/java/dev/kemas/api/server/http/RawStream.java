package dev.kemas.api.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A connection taken over from HTTP: bytes both ways. One thread may read while another writes. */
public interface RawStream {
  /**
   * What the client sends; ends when it closes its side. A read fails once the connection is
   * closed.
   */
  InputStream input();

  /**
   * Sends the buffers at once and together; blocks while the client does not read.
   *
   * @throws IOException when the client is gone
   */
  void write(ByteBuffer... buffers) throws IOException;
}
