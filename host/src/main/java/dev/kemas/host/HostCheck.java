package dev.kemas.host;

/**
 * One thing that the engine needs of a machine, looked at.
 *
 * @param name what, in a few words
 * @param state whether it is there
 * @param finding what was seen
 * @param remedy what to do; empty when nothing is to be done
 */
public record HostCheck(String name, State state, String finding, String remedy) {
  /** Whether it is there. */
  public enum State {
    OK,
    /** Something does not work, but the engine does. */
    DEGRADED,
    /** The engine does not work without it. */
    MISSING
  }

  /** All is well. */
  public static HostCheck ok(String name, String finding) {
    return new HostCheck(name, State.OK, finding, "");
  }

  /** Something does not work, but the engine does. */
  public static HostCheck degraded(String name, String finding, String remedy) {
    return new HostCheck(name, State.DEGRADED, finding, remedy);
  }

  /** The engine does not work without it. */
  public static HostCheck missing(String name, String finding, String remedy) {
    return new HostCheck(name, State.MISSING, finding, remedy);
  }
}
