package dev.kemas.network;

/**
 * One thing that {@code doctor} looked at.
 *
 * @param subject what: {@code IPv4 forwarding}
 * @param state how it is
 * @param detail what was seen
 * @param remedy the command or change that mends it; empty when nothing is wrong
 */
public record Finding(String subject, State state, String detail, String remedy) {
  /** How it is. */
  public enum State {
    OK,
    DEGRADED,
    MISSING
  }
}
