package dev.kemas.session;

import dev.kemas.buildkit.wire.Upload.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A stream that a client offers under an address of its own making, such as the archive on its
 * standard input ({@code moby.upload.v1.Upload}).
 */
public final class ClientUpload {
  private static final String METHOD = "/moby.upload.v1.Upload/Pull";

  private final Session session;

  /** Those of a client. */
  public ClientUpload(Session session) {
    this.session = session;
  }

  /**
   * Begins to read one; it can be read once. Closing ends it.
   *
   * @param address {@code http://buildkit-session/ID} as the client told it
   * @throws Fault.Unavailable when the client goes; while it is read, as an {@link IOException}
   */
  public InputStream open(URI address) {
    Map<String, List<String>> metadata =
        Map.of(
            "urlpath", List.of(Objects.requireNonNullElse(address.getPath(), "")),
            "urlhost", List.of(Objects.requireNonNullElse(address.getAuthority(), "")));
    OutgoingCall call = session.open(METHOD, metadata);
    return new Stream(call);
  }

  private static final class Stream extends InputStream {
    private final OutgoingCall call;
    private ByteBuffer left = ByteBuffer.allocate(0);
    private boolean ended;

    Stream(OutgoingCall call) {
      this.call = call;
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
          Optional<BytesMessage> next = call.receive(BytesMessage.parser());
          ended = next.isEmpty();
          next.ifPresent(message -> left = message.getData().asReadOnlyByteBuffer());
        } catch (Fault e) {
          throw new IOException("the client's upload breaks off: " + e.getMessage(), e);
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
}
