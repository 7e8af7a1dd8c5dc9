package dev.kemas.registry.server.repository;

/** The codes of errors and their statuses (distribution-spec, "Error Codes"; RFC 9110). */
public enum ErrorCode {
  BLOB_UNKNOWN(404),
  BLOB_UPLOAD_INVALID(400),
  BLOB_UPLOAD_UNKNOWN(404),
  DIGEST_INVALID(400),
  MANIFEST_BLOB_UNKNOWN(404),
  MANIFEST_INVALID(400),
  MANIFEST_UNKNOWN(404),
  NAME_INVALID(400),
  NAME_UNKNOWN(404),
  SIZE_INVALID(413),
  UNAUTHORIZED(401),
  DENIED(403),
  UNSUPPORTED(405),
  TOOMANYREQUESTS(429),
  /** Not in the specification's table, as the reference implementation has it. */
  RANGE_INVALID(416),
  /** As {@link #RANGE_INVALID}. */
  PAGINATION_NUMBER_INVALID(400),
  /** As {@link #RANGE_INVALID}. */
  UNAVAILABLE(503),
  /** As {@link #RANGE_INVALID}. */
  UNKNOWN(500);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }
}
