package dev.kemas.engine;

import java.time.Instant;
import java.util.List;

/**
 * How a container fares by its own check.
 *
 * @param status {@code starting}, {@code healthy} or {@code unhealthy}
 * @param failingStreak failures in a row
 * @param log the last five probes, the oldest first
 */
public record Health(String status, int failingStreak, List<Probe> log) {
  public Health {
    log = List.copyOf(log);
  }

  /**
   * One probe.
   *
   * @param output the first 4096 bytes
   */
  public record Probe(Instant start, Instant end, int exitCode, String output) {}
}
