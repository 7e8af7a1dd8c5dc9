package dev.kemas.api.server;

import dev.kemas.api.ContainerStats;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What the endpoints that move a container's bytes need. */
public interface StreamsBackend {
  /**
   * Which part of the kept output.
   *
   * @param follow and what comes from now on
   * @param since from this time on
   * @param until up to this time
   * @param tail only so many of the last lines
   * @param timestamps a time before each line
   */
  record LogQuery(
      boolean stdout,
      boolean stderr,
      boolean follow,
      boolean timestamps,
      boolean details,
      Optional<Instant> since,
      Optional<Instant> until,
      OptionalInt tail) {}

  /**
   * What is connected.
   *
   * @param logs what was written before, first
   * @param stream what is written from now on
   */
  record AttachQuery(boolean logs, boolean stream, boolean stdin, boolean stdout, boolean stderr) {}

  /** Opens the kept output. */
  Output logs(String container, LogQuery query);

  /** Connects; nothing written after this returns is missed. */
  Attachment attach(String container, AttachQuery query);

  /** Sets the size of its terminal, in characters. */
  void resize(String container, int height, int width);

  /**
   * What it uses now; empty numbers when it does not run.
   *
   * @param before an earlier answer, whose processor time is repeated for comparison
   */
  ContainerStats stats(String container, Optional<ContainerStats> before);
}
