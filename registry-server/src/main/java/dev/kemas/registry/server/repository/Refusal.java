package dev.kemas.registry.server.repository;

import java.io.Serial;
import java.util.Map;

/** A request that is answered with an error of the distribution API. */
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;
  private final ErrorCode code;
  private final transient Map<String, String> detail;

  /**
   * @param message for people: the thing, the value, the next step
   */
  public Refusal(ErrorCode code, String message) {
    this(code, message, Map.of());
  }

  /**
   * @param detail for programs
   */
  public Refusal(ErrorCode code, String message, Map<String, String> detail) {
    super(message);
    this.code = code;
    this.detail = Map.copyOf(detail);
  }

  /** What a client acts on. */
  public ErrorCode code() {
    return code;
  }

  /** What the code does not say. */
  public Map<String, String> detail() {
    return detail;
  }
}
