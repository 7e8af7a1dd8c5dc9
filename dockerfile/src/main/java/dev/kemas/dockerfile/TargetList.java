package dev.kemas.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * What can be built: the answer to {@code docker build --call=targets}.
 *
 * @param source the Dockerfile's text, which the ranges are about
 */
public record TargetList(List<Target> targets, String source) {
  public TargetList {
    targets = List.copyOf(targets);
  }

  /**
   * A stage.
   *
   * @param name empty when it has none
   * @param isDefault whether it is built when no target is named
   * @param description what the comment above its FROM says, empty when nothing
   * @param base as FROM has it, variables not replaced
   * @param platform as {@code --platform} has it
   */
  public record Target(
      String name,
      boolean isDefault,
      String description,
      String base,
      Optional<String> platform,
      SourceRange range) {}

  /** The stages of a file. */
  public static TargetList of(Dockerfile file) {
    int last = file.stages().size() - 1;
    return new TargetList(
        file.stages().stream()
            .map(stage ->
                new Target(
                    stage.from().name().orElse(""),
                    stage.index() == last,
                    stage.from().name().map(n -> Comments.of(stage.from().node(), n)).orElse(""),
                    stage.from().image(),
                    stage.from().platform(),
                    stage.from().range()))
            .toList(),
        file.text());
  }
}
