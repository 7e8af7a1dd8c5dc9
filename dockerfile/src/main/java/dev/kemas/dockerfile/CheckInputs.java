package dev.kemas.dockerfile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a build knows besides the text of its Dockerfile.
 *
 * @param buildArguments those that the user gave a value
 * @param target the stage that is asked for; empty for all of them
 * @param platformArguments the automatic arguments with their values: {@code TARGETPLATFORM}, ...
 * @param ignore what is left out of the context; empty when there is no such file or it is not
 *     known
 * @param contexts names of contexts that stand in for stages or images
 * @param bases what is known of images
 */
public record CheckInputs(
    Map<String, String> buildArguments,
    String target,
    Map<String, String> platformArguments,
    Optional<IgnoreFile> ignore,
    Set<String> contexts,
    Bases bases) {

  /** Only the text is known. */
  public static final CheckInputs NONE =
      new CheckInputs(
          Map.of(), "", Map.of(), Optional.empty(), Set.of(), (name, platform) -> Optional.empty());

  public CheckInputs {
    contexts = Set.copyOf(contexts);
  }

  /** Looks images up. */
  @FunctionalInterface
  public interface Bases {
    /**
     * What is known of an image; empty when it is not at hand, and then checks that need it are not
     * made.
     *
     * @param name as FROM has it, variables expanded
     * @param platform as {@code --platform} has it, expanded; empty for that of the build
     */
    Optional<Base> find(String name, String platform);
  }

  /**
   * An image.
   *
   * @param env {@code NAME=value}
   * @param shell what SHELL says in it; empty when nothing
   * @param onBuild its triggers
   * @param platform for what it was made, {@code os/architecture[/variant]}
   * @param wanted for what it should have been
   */
  public record Base(
      List<String> env, List<String> shell, List<String> onBuild, String platform, String wanted) {
    public Base {
      env = List.copyOf(env);
      shell = List.copyOf(shell);
      onBuild = List.copyOf(onBuild);
    }
  }

  /** Which checks are made: what the user says wins over the file. */
  public CheckSettings settings(Directives directives) {
    String given = buildArguments.getOrDefault(CheckSettings.ARGUMENT, "");
    return given.isEmpty() ? directives.checks() : CheckSettings.parse(given);
  }
}
