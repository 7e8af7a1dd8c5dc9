package dev.kemas.grpc;

import com.google.protobuf.ByteString;
import java.io.Serial;

/**
 * Thrown by a handler that tells its caller more than a {@link dev.kemas.fault.Fault} does: the
 * code, and details that the caller's program reads.
 */
public final class CallFailed extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;
  private final Code code;
  private final transient ByteString details;

  /**
   * @param code how the call ends
   * @param message the text for the user
   * @param details a {@code google.rpc.Status}, encoded
   * @param cause what failed
   */
  public CallFailed(Code code, String message, ByteString details, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = details;
  }

  /** How the call ends. */
  public Code code() {
    return code;
  }

  /** A {@code google.rpc.Status}, encoded. */
  public ByteString details() {
    return details;
  }
}
