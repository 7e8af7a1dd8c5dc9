package dev.kemas.engine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;

/** Where a container is in its life; each state has the facts that exist then. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ContainerState.Created.class, name = "created"),
  @JsonSubTypes.Type(value = ContainerState.Running.class, name = "running"),
  @JsonSubTypes.Type(value = ContainerState.Paused.class, name = "paused"),
  @JsonSubTypes.Type(value = ContainerState.Restarting.class, name = "restarting"),
  @JsonSubTypes.Type(value = ContainerState.Exited.class, name = "exited"),
  @JsonSubTypes.Type(value = ContainerState.Removing.class, name = "removing")
})
public sealed interface ContainerState {
  /**
   * Made and never run, or its start failed.
   *
   * @param exitCode 0, or what Docker says of a failed start: 126, 127 or 128
   * @param error why the last start failed; empty if none did
   */
  record Created(int exitCode, String error) implements ContainerState {
    /** Never started. */
    public static final Created FRESH = new Created(0, "");
  }

  /** Its process runs. */
  record Running(int pid, Instant startedAt) implements ContainerState {}

  /** Its processes are frozen. */
  record Paused(int pid, Instant startedAt) implements ContainerState {}

  /** It has ended and its restart policy starts it again after a pause. */
  record Restarting(int exitCode, Instant startedAt, Instant finishedAt)
      implements ContainerState {}

  /**
   * It has ended.
   *
   * @param exitCode of its process, or 128 plus the signal that ended it
   * @param oomKilled whether the kernel killed it for want of memory
   * @param error why it could not be started again; empty if it ran
   */
  record Exited(
      int exitCode, Instant startedAt, Instant finishedAt, boolean oomKilled, String error)
      implements ContainerState {}

  /** It is being taken away; what was begun is finished at the next start. */
  record Removing() implements ContainerState {}

  /** Docker's word: {@code created}, {@code running}, ... */
  default String word() {
    return switch (this) {
      case Created c -> "created";
      case Running r -> "running";
      case Paused p -> "paused";
      case Restarting r -> "restarting";
      case Exited e -> "exited";
      case Removing r -> "removing";
    };
  }

  /** Whether it has a process. */
  @JsonIgnore
  default boolean isAlive() {
    return this instanceof Running || this instanceof Paused;
  }

  /** Its process on the host; 0 without one. */
  default int processId() {
    return switch (this) {
      case Running r -> r.pid();
      case Paused p -> p.pid();
      case Created c -> 0;
      case Restarting r -> 0;
      case Exited e -> 0;
      case Removing r -> 0;
    };
  }

  /** When it was started last. */
  default Optional<Instant> started() {
    return switch (this) {
      case Running r -> Optional.of(r.startedAt());
      case Paused p -> Optional.of(p.startedAt());
      case Restarting r -> Optional.of(r.startedAt());
      case Exited e -> Optional.of(e.startedAt());
      case Created c -> Optional.empty();
      case Removing r -> Optional.empty();
    };
  }

  /** When it ended last; empty while it runs. */
  default Optional<Instant> finished() {
    return switch (this) {
      case Restarting r -> Optional.of(r.finishedAt());
      case Exited e -> Optional.of(e.finishedAt());
      case Created c -> Optional.empty();
      case Running r -> Optional.empty();
      case Paused p -> Optional.empty();
      case Removing r -> Optional.empty();
    };
  }

  /** The last exit code; 0 while it runs. */
  default int lastExitCode() {
    return switch (this) {
      case Restarting r -> r.exitCode();
      case Exited e -> e.exitCode();
      case Created c -> c.exitCode();
      case Running r -> 0;
      case Paused p -> 0;
      case Removing r -> 0;
    };
  }
}
