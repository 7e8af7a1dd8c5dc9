package dev.kemas.api.server.http;

import dev.kemas.fault.Fault;

/** Which status each member of the family of faults has. */
public final class HttpErrors {
  private HttpErrors() {}

  /** The status, as dockerd answers. */
  public static int status(Fault fault) {
    return switch (fault) {
      case Fault.NotFound _ -> 404;
      case Fault.Conflict _ -> 409;
      case Fault.InvalidArgument _ -> 400;
      case Fault.NotModified _ -> 304;
      case Fault.Forbidden _ -> 403;
      case Fault.Unauthenticated _ -> 401;
      case Fault.Unavailable _ -> 503;
      case Fault.Unsupported _ -> 501;
      case Fault.ResourceExhausted _ -> 500;
      case Fault.DataLoss _ -> 500;
      case Fault.Cancelled _ -> 499;
      case Fault.Internal _ -> 500;
    };
  }

  /** The fault itself, or one that stands for an unexpected failure. */
  public static Fault asFault(Throwable failure) {
    return failure instanceof Fault fault
        ? fault
        : new Fault.Internal(
            failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage(),
            failure);
  }
}
