package dev.kemas.cli.init;

import java.util.List;
import java.util.OptionalInt;

/**
 * What to write for a project.
 *
 * @param language for people
 * @param found what was seen, and what follows from it
 * @param dockerfile its text
 * @param ignored lines of .dockerignore besides those that every project has
 * @param port what the container listens on
 * @param service what of compose.yaml is the project's own: lines beneath the service
 * @param volumes named ones
 * @param advice what the user should do about the project
 */
record Proposal(
    String language,
    List<Choice> found,
    String dockerfile,
    List<String> ignored,
    OptionalInt port,
    List<String> service,
    List<String> volumes,
    List<String> advice) {
  /** What was chosen and why. */
  record Choice(String what, String why) {}

  Proposal {
    found = List.copyOf(found);
    ignored = List.copyOf(ignored);
    service = List.copyOf(service);
    volumes = List.copyOf(volumes);
    advice = List.copyOf(advice);
  }
}
