package dev.kemas.api.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A session's output as the body of an ordinary answer, for a client that did not ask for an
 * upgrade: such a one only listens.
 */
final class AnswerStream implements RawStream {
  private final OutputStream body;

  AnswerStream(OutputStream body) {
    this.body = body;
  }

  @Override
  public InputStream input() {
    return InputStream.nullInputStream();
  }

  @Override
  public void write(ByteBuffer... buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      body.write(bytes);
    }
    body.flush();
  }
}
