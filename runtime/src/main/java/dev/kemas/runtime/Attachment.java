package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.UnixSocket;
import java.nio.ByteBuffer;

/**
 * A client at a container's terminal or pipes, through conmon's attach socket: a packet starts with
 * a byte that tells the stream; what is written is the container's standard input. One thread may
 * read while another writes.
 */
public final class Attachment implements AutoCloseable {
  /** Which of a container's outputs. A terminal has only standard output. */
  public enum Stream {
    STDOUT,
    STDERR
  }

  /** Takes output as it comes. */
  public interface Sink {
    /** Takes bytes that are valid during the call only. */
    void take(Stream stream, ByteBuffer bytes);
  }

  private static final int PACKET = 64 * 1024;
  private static final int STDOUT = 2;
  private static final int STDERR = 3;

  private final UnixSocket socket;

  private Attachment(UnixSocket socket) {
    this.socket = socket;
  }

  static Attachment to(Bundle bundle) {
    try {
      return new Attachment(UnixSocket.connect(bundle.attachSocket(), UnixSocket.Kind.SEQPACKET));
    } catch (Fault.NotFound | Fault.Unavailable gone) {
      throw new Fault.Conflict(
          "cannot attach to container " + bundle.id() + ": it is not running", gone);
    }
  }

  /** Hands every output to the sink until the container has ended or this is closed. */
  public void pump(Sink sink) {
    ByteBuffer packet = ByteBuffer.allocateDirect(PACKET);
    while (true) {
      packet.clear();
      try {
        if (socket.descriptor().read(packet) <= 0) {
          return;
        }
      } catch (Fault.Unavailable closed) {
        return;
      }
      packet.flip();
      switch (packet.get()) {
        case STDOUT -> sink.take(Stream.STDOUT, packet);
        case STDERR -> sink.take(Stream.STDERR, packet);
        default -> throw new Fault.Internal("conmon sent a packet of an unknown stream");
      }
    }
  }

  /** Writes to the container's standard input, waiting while its pipe is full. */
  public void write(ByteBuffer bytes) {
    // conmon reads packets of at most this size
    while (bytes.hasRemaining()) {
      ByteBuffer part = bytes.slice();
      part.limit(Math.min(part.remaining(), 8192));
      int size = part.remaining();
      socket.descriptor().write(part);
      bytes.position(bytes.position() + size);
    }
  }

  /** Ends the container's standard input, if it was made to end with its first client. */
  public void endInput() {
    socket.shutdownOutput();
  }

  @Override
  public void close() {
    socket.close();
  }
}
