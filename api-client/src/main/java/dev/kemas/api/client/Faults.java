package dev.kemas.api.client;

import dev.kemas.fault.Fault;
import java.io.IOException;

/** From what a server or a socket said to the family of faults. */
final class Faults {
  private Faults() {}

  /**
   * The fault that a status stands for (Engine API, section Errors). The text is the one that the
   * docker command shows, since people and scripts look for it.
   */
  static Fault ofStatus(int status, String message) {
    String text = "Error response from daemon: " + message;
    return switch (status) {
      case 304 -> new Fault.NotModified(text);
      case 400 -> new Fault.InvalidArgument(text);
      case 401 -> new Fault.Unauthenticated(text);
      case 403 -> new Fault.Forbidden(text);
      case 404 -> new Fault.NotFound("object", "", text);
      case 409 -> new Fault.Conflict(text);
      case 413, 507 -> new Fault.ResourceExhausted(text);
      case 501 -> new Fault.Unsupported(text);
      case 503 -> new Fault.Unavailable(text);
      default -> new Fault.Internal(text);
    };
  }

  static Fault broken(IOException cause) {
    return new Fault.Unavailable(
        "the connection to the daemon broke: " + cause + "; the daemon may have been stopped",
        cause);
  }

  static Fault cannotConnect(Endpoint endpoint, IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("Permission denied")) {
      return new Fault.Forbidden(
          "permission denied while trying to connect to the Kemas daemon socket at "
              + endpoint
              + ": run as root, or join the group that owns the socket",
          cause);
    }
    if (reason.contains("too long")) {
      return new Fault.InvalidArgument("the socket path " + endpoint + " is too long", cause);
    }
    return new Fault.Unavailable(
        "Cannot connect to the Kemas daemon at "
            + endpoint
            + ". Is the daemon running? Start it with kemasd, or name another one with -H or"
            + " KEMAS_HOST.",
        cause);
  }
}
