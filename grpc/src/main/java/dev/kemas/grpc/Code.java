package dev.kemas.grpc;

import dev.kemas.fault.Fault;
import java.util.Arrays;

/** How a call ended, as gRPC numbers it (gRPC, statuscodes.md). */
public enum Code {
  OK(0),
  CANCELLED(1),
  UNKNOWN(2),
  INVALID_ARGUMENT(3),
  DEADLINE_EXCEEDED(4),
  NOT_FOUND(5),
  ALREADY_EXISTS(6),
  PERMISSION_DENIED(7),
  RESOURCE_EXHAUSTED(8),
  FAILED_PRECONDITION(9),
  ABORTED(10),
  OUT_OF_RANGE(11),
  UNIMPLEMENTED(12),
  INTERNAL(13),
  UNAVAILABLE(14),
  DATA_LOSS(15),
  UNAUTHENTICATED(16);

  private final int number;

  Code(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** What a number on the wire says; one that nobody gave a meaning is {@link #UNKNOWN}. */
  public static Code of(String number) {
    return Arrays.stream(values())
        .filter(code -> Integer.toString(code.number()).equals(number))
        .findFirst()
        .orElse(UNKNOWN);
  }

  /** The code that tells a caller of this fault. */
  public static Code of(Fault fault) {
    return switch (fault) {
      case Fault.NotFound _ -> NOT_FOUND;
      case Fault.Conflict _ -> FAILED_PRECONDITION;
      case Fault.InvalidArgument _ -> INVALID_ARGUMENT;
      case Fault.NotModified _ -> ALREADY_EXISTS;
      case Fault.Forbidden _ -> PERMISSION_DENIED;
      case Fault.Unauthenticated _ -> UNAUTHENTICATED;
      case Fault.Unavailable _ -> UNAVAILABLE;
      case Fault.Unsupported _ -> UNIMPLEMENTED;
      case Fault.ResourceExhausted _ -> RESOURCE_EXHAUSTED;
      case Fault.DataLoss _ -> DATA_LOSS;
      case Fault.Cancelled _ -> CANCELLED;
      case Fault.Internal _ -> INTERNAL;
    };
  }

  /**
   * What the other end's answer means here.
   *
   * @param method what was called
   * @param message the other end's words
   */
  Fault fault(String method, String message) {
    String text = message.isEmpty() ? method + " ended with " + this : message;
    return switch (this) {
      case NOT_FOUND -> new Fault.NotFound("call", method, text);
      case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED -> new Fault.Conflict(text);
      case INVALID_ARGUMENT, OUT_OF_RANGE -> new Fault.InvalidArgument(text);
      case PERMISSION_DENIED -> new Fault.Forbidden(text);
      case UNAUTHENTICATED -> new Fault.Unauthenticated(text);
      case UNAVAILABLE, DEADLINE_EXCEEDED -> new Fault.Unavailable(text);
      case UNIMPLEMENTED -> new Fault.Unsupported(text);
      case RESOURCE_EXHAUSTED -> new Fault.ResourceExhausted(text);
      case DATA_LOSS -> new Fault.DataLoss(text);
      case CANCELLED -> new Fault.Cancelled(text);
      case OK, UNKNOWN, INTERNAL -> new Fault.Internal(text);
    };
  }
}
