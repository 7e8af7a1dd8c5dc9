package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The bytes of a call's messages; closing ends the call. One thread. */
final class CallStream extends InputStream {
  private final OutgoingCall call;
  private final String what;
  private final Supplier<Optional<ByteString>> messages;
  private ByteBuffer left = ByteBuffer.allocate(0);
  private boolean ended;

  /**
   * @param what for messages
   * @param messages the next one's bytes; empty after the last
   */
  CallStream(OutgoingCall call, String what, Supplier<Optional<ByteString>> messages) {
    this.call = call;
    this.what = what;
    this.messages = messages;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (!left.hasRemaining() && !ended) {
      try {
        Optional<ByteString> next = messages.get();
        ended = next.isEmpty();
        next.ifPresent(data -> left = data.asReadOnlyByteBuffer());
      } catch (Fault e) {
        throw new IOException(what + " breaks off: " + e.getMessage(), e);
      }
    }
    if (!left.hasRemaining()) {
      return -1;
    }
    int n = Math.min(length, left.remaining());
    left.get(into, from, n);
    return n;
  }

  @Override
  public void close() {
    call.close();
  }
}
