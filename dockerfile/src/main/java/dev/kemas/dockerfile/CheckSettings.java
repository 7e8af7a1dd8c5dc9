package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which checks are made, and whether a finding fails the build: {@code skip=A,B;error=true}, as
 * {@code # check=} and the build argument {@value #ARGUMENT} have it (Dockerfile reference,
 * "check").
 *
 * @param skipped names of rules that are off; {@code all} for each
 * @param experimental names of rules still being tried that are on; {@code all} for each
 * @param error whether a finding fails the build
 */
public record CheckSettings(Set<String> skipped, Set<String> experimental, boolean error) {

  /** The build argument that replaces what the file says. */
  public static final String ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK";

  /** What holds when nobody says anything. */
  public static final CheckSettings DEFAULT = new CheckSettings(Set.of(), Set.of(), false);

  public CheckSettings {
    skipped = Set.copyOf(skipped);
    experimental = Set.copyOf(experimental);
  }

  /**
   * Reads the settings.
   *
   * @throws Fault.InvalidArgument in Docker's words when an option is unknown or malformed
   */
  public static CheckSettings parse(String text) {
    try {
      return read(text);
    } catch (Problem problem) {
      throw new Fault.InvalidArgument("failed to parse check options: " + problem.text());
    }
  }

  static CheckSettings read(String text) throws Problem {
    Set<String> skipped = Set.of();
    Set<String> experimental = Set.of();
    boolean error = false;
    String settings = text.strip();
    for (String part : settings.isEmpty() ? new String[0] : settings.split(";", 3)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new Problem("invalid check option \"%s\"".formatted(part));
      }
      String value = part.substring(equals + 1).strip();
      String key = part.substring(0, equals).strip();
      switch (key) {
        case "skip" -> skipped = names(value);
        case "experimental" -> experimental = names(value);
        case "error" -> error = bool(part, value);
        default ->
            throw new Problem(
                "invalid check option \"%s\"%s"
                    .formatted(
                        key,
                        Suggestion.of(
                            key, new TreeSet<>(Set.of("skip", "error", "experimental")))));
      }
    }
    return new CheckSettings(skipped, experimental, error);
  }

  private static boolean bool(String part, String value) throws Problem {
    Optional<Boolean> parsed = Settings.bool(value);
    return parsed.orElseThrow(() ->
        new Problem("failed to parse check option \"%s\": want true or false".formatted(part)));
  }

  private static Set<String> names(String list) {
    Set<String> names = new TreeSet<>();
    for (String name : list.split(",", -1)) {
      names.add(name.strip());
    }
    return names;
  }

  /** Whether findings of that rule are wanted. */
  public boolean reports(Rule rule) {
    boolean off = skipped.contains(rule.name());
    return rule.experimental()
        ? !off && (experimental.contains("all") || experimental.contains(rule.name()))
        : !off && !skipped.contains("all");
  }
}
