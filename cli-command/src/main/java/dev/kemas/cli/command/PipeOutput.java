package dev.kemas.cli.command;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An output whose reader may go away, as {@code head} does: the program then ends without a word
 * and with the status that SIGPIPE gives.
 */
final class PipeOutput extends OutputStream {
  private static final int BROKEN_PIPE = 128 + 13;

  private final OutputStream out;

  PipeOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
        throw new Exit(BROKEN_PIPE, "", e);
      }
      throw e;
    }
  }
}
