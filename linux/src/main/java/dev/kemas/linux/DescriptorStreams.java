package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A descriptor behind the interfaces of java.io, where faults become IOException. */
final class DescriptorStreams {
  private DescriptorStreams() {}

  static final class Input extends InputStream {
    private final Descriptor descriptor;

    Input(Descriptor descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      try {
        return descriptor.read(ByteBuffer.wrap(bytes, from, length));
      } catch (Fault e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      descriptor.close();
    }
  }

  static final class Output extends OutputStream {
    private final Descriptor descriptor;

    Output(Descriptor descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        descriptor.write(ByteBuffer.wrap(bytes, from, length));
      } catch (Fault e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      descriptor.close();
    }
  }
}
