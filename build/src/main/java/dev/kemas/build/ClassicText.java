package dev.kemas.build;

import dev.kemas.dockerfile.Lint;
import java.util.Optional;

/**
 * Docker's words for a build's events, each with its line end: the {@code stream} field of a
 * message of {@code POST /build}. Clients match on some of them.
 */
public final class ClassicText {
  private ClassicText() {}

  /** The text; empty for an event that is told in another way. */
  public static Optional<String> of(BuildEvent event) {
    return switch (event) {
      case BuildEvent.StepStarted step ->
          Optional.of("Step %d/%d : %s\n".formatted(step.number(), step.total(), step.text()));
      case BuildEvent.Triggers triggers ->
          Optional.of(
              "# Executing %d build trigger%s\n"
                  .formatted(triggers.count(), triggers.count() == 1 ? "" : "s"));
      case BuildEvent.StepCached cached -> Optional.of(" ---> Using cache\n");
      case BuildEvent.StepRunning running ->
          Optional.of(" ---> Running in " + shortId(running.containerId()) + "\n");
      case BuildEvent.StepOutput output -> Optional.of(output.text());
      case BuildEvent.ContainerRemoved removed ->
          Optional.of(
              " ---> Removed intermediate container " + shortId(removed.containerId()) + "\n");
      case BuildEvent.StepFinished finished -> Optional.of(" ---> " + finished.shortId() + "\n");
      case BuildEvent.Planned planned -> Optional.empty();
      case BuildEvent.CommandFailed failed -> Optional.empty();
      case BuildEvent.StepFailed failed -> Optional.empty();
      case BuildEvent.TaskStarted started -> Optional.empty();
      case BuildEvent.TaskPart part -> Optional.empty();
      case BuildEvent.TaskFinished finished -> Optional.empty();
      case BuildEvent.Explained explained -> Optional.empty();
      case BuildEvent.Pull pull -> Optional.empty();
      case BuildEvent.Warning warning -> Optional.of("[Warning] " + warning.text() + "\n");
      case BuildEvent.Finding(Lint lint, String file) ->
          Optional.of(
              "[Warning] %s: %s [%s:%d]\n"
                  .formatted(lint.rule().name(), lint.message(), file, lint.range().startLine()));
      case BuildEvent.Built built ->
          Optional.of("Successfully built " + built.id().shortHex() + "\n");
      case BuildEvent.Tagged tagged ->
          Optional.of("Successfully tagged " + tagged.name().familiar() + "\n");
    };
  }

  private static String shortId(String id) {
    return id.substring(0, Math.min(12, id.length()));
  }
}
