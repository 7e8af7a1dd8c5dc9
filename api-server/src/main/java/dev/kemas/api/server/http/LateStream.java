package dev.kemas.api.server.http;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The body of an answer that begins with the first byte written, not before. For one thread. */
public final class LateStream extends OutputStream {
  private final Call call;
  private final String contentType;
  private @Nullable OutputStream out;

  public LateStream(Call call, String contentType) {
    this.call = call;
    this.contentType = contentType;
  }

  private OutputStream begin() throws IOException {
    OutputStream to = out;
    if (to == null) {
      to = call.stream(contentType);
      out = to;
    }
    return to;
  }

  @Override
  public void write(int b) throws IOException {
    begin().write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    begin().write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    if (out != null) {
      out.flush();
    }
  }
}
