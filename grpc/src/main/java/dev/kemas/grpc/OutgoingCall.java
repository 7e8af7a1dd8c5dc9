package dev.kemas.grpc;

/** A call that this end made. */
public interface OutgoingCall extends Call, AutoCloseable {
  /** Says that this end has sent its last message. */
  void halfClose();

  /**
   * Ends the call whatever its state; the other end is told. Nothing when it has ended. Whoever
   * sends or receives gets {@link dev.kemas.fault.Fault.Cancelled} with this reason.
   */
  void cancel(String why);

  /** Cancels the call unless it has ended. */
  @Override
  void close();
}
