package dev.kemas.api.server;

import dev.kemas.api.StreamType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A process that says what a test wants and repeats its input; ends when its input does. */
final class FakeAttachment implements Attachment {
  private record Piece(StreamType type, String text) {}

  private static final Piece END = new Piece(StreamType.SYSTEM_ERROR, "");
  private final LinkedBlockingQueue<Piece> output = new LinkedBlockingQueue<>();
  private final boolean terminal;
  private final boolean withStdin;
  final CountDownLatch closed = new CountDownLatch(1);
  final CountDownLatch stdinClosed = new CountDownLatch(1);

  FakeAttachment(boolean terminal, boolean withStdin) {
    this.terminal = terminal;
    this.withStdin = withStdin;
  }

  FakeAttachment says(StreamType type, String text) {
    output.add(new Piece(type, text));
    return this;
  }

  FakeAttachment ends() {
    output.add(END);
    return this;
  }

  @Override
  public boolean terminal() {
    return terminal;
  }

  @Override
  public void copyTo(StreamSink sink) throws IOException {
    try {
      for (Piece piece = output.take(); piece != END; piece = output.take()) {
        sink.accept(piece.type(), ByteBuffer.wrap(piece.text().getBytes(StandardCharsets.UTF_8)));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public Optional<OutputStream> stdin() {
    if (!withStdin) {
      return Optional.empty();
    }
    return Optional.of(
        new OutputStream() {
          @Override
          public void write(int b) {
            says(StreamType.STDOUT, String.valueOf((char) b));
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            if (length > 0) {
              says(StreamType.STDOUT, new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
          }

          @Override
          public void close() {
            stdinClosed.countDown();
            ends();
          }
        });
  }

  @Override
  public void close() {
    closed.countDown();
    ends();
  }
}
