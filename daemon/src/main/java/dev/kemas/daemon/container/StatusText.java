package dev.kemas.daemon.container;

import dev.kemas.engine.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A container's state for people, word for word as Docker has it: clients look for some of them.
 */
final class StatusText {
  private StatusText() {}

  static String of(ContainerState state, Optional<String> health, Instant now) {
    return switch (state) {
      case ContainerState.Created _ -> "Created";
      case ContainerState.Running running ->
          "Up " + age(running.startedAt(), now) + health.map(StatusText::health).orElse("");
      case ContainerState.Paused paused -> "Up " + age(paused.startedAt(), now) + " (Paused)";
      case ContainerState.Restarting restarting ->
          "Restarting ("
              + restarting.exitCode()
              + ") "
              + age(restarting.finishedAt(), now)
              + " ago";
      case ContainerState.Exited exited ->
          "Exited (" + exited.exitCode() + ") " + age(exited.finishedAt(), now) + " ago";
      case ContainerState.Removing _ -> "Removal In Progress";
    };
  }

  private static String health(String status) {
    return status.equals("starting") ? " (health: starting)" : " (" + status + ")";
  }

  private static String age(Instant from, Instant now) {
    Duration age = Duration.between(from, now);
    long seconds = age.toSeconds();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = age.toMinutes();
    if (minutes == 1) {
      return "About a minute";
    }
    if (minutes < 60) {
      return minutes + " minutes";
    }
    long hours = Math.round(age.toMinutes() / 60.0);
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < 48) {
      return hours + " hours";
    }
    long days = hours / 24;
    if (hours < 24 * 7 * 2) {
      return days + " days";
    }
    if (hours < 24 * 30 * 2) {
      return days / 7 + " weeks";
    }
    return hours < 24 * 365 * 2 ? days / 30 + " months" : days / 365 + " years";
  }
}
