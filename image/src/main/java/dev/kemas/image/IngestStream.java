package dev.kemas.image;

import dev.kemas.content.Ingest;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Bytes into a blob; closing it leaves the ingest open. */
final class IngestStream extends OutputStream {
  private final Ingest ingest;

  IngestStream(Ingest ingest) {
    this.ingest = ingest;
  }

  @Override
  public void write(int b) {
    ingest.write(ByteBuffer.wrap(new byte[] {(byte) b}));
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    ingest.write(ByteBuffer.wrap(bytes, from, length));
  }
}
