package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.TerminalMessages.Shown;
import dev.kemas.buildkit.wire.TerminalMessages.Typed;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The terminal that a client lends ({@code kemas.terminal.v1.Terminal}, a service of our own).
 * Closing gives it back. What is shown and what is typed may be on two threads.
 */
public final class ClientTerminal implements AutoCloseable {
  private static final String METHOD = "/kemas.terminal.v1.Terminal/Open";

  private final OutgoingCall call;

  private ClientTerminal(OutgoingCall call) {
    this.call = call;
  }

  /** What comes from the terminal. */
  public sealed interface Input {}

  /** Bytes that were typed. */
  public record Keys(ByteBuffer bytes) implements Input {}

  /** Its size in character cells; the first that comes. */
  public record Size(int columns, int rows) implements Input {}

  /** Whether the client lends one. */
  public static boolean isLent(Session session) {
    return session.offers(METHOD);
  }

  /**
   * Takes it over.
   *
   * @throws Fault.Unsupported when the client lends none
   * @throws Fault.Unavailable when the client has gone
   */
  public static ClientTerminal open(Session session) {
    return new ClientTerminal(session.open(METHOD, Map.of()));
  }

  /**
   * Shows bytes, waiting while the client is behind.
   *
   * @throws Fault.Unavailable when the client has gone
   */
  public void show(byte[] bytes, int offset, int length) {
    call.send(Shown.newBuilder().setData(ByteString.copyFrom(bytes, offset, length)).build());
  }

  /**
   * What is typed next; blocks until it is.
   *
   * @return empty when there will be no more
   * @throws Fault.Unavailable when the client has gone; {@link Fault.Cancelled} when it was closed
   */
  public Optional<Input> next() {
    return call.receive(Typed.parser())
        .map(typed ->
            typed.getColumns() > 0
                ? new Size(typed.getColumns(), typed.getRows())
                : new Keys(ByteBuffer.wrap(typed.getData().toByteArray())));
  }

  /** Shows no more; the client puts its terminal right and {@link #next} comes to its end. */
  public void finish() {
    call.halfClose();
  }

  @Override
  public void close() {
    call.close();
  }
}
