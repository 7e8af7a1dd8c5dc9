package dev.kemas.build.explain;

import dev.kemas.build.explain.Cause.Kind;
import java.util.List;

/** Tells causes from what follows from them in the same step. */
final class Consequences {
  private Consequences() {}

  /**
   * The causes that follow from no other one: who writes another instruction names other files in
   * it, and an argument may be the name of an image.
   */
  static List<Cause> without(List<Cause> causes) {
    boolean rewritten = has(causes, Kind.INSTRUCTION);
    boolean argument = has(causes, Kind.ARGUMENT) || has(causes, Kind.ENVIRONMENT);
    return causes.stream()
        .filter(cause ->
            !(rewritten && followsFromText(cause)) && !(argument && followsFromValue(cause)))
        .toList();
  }

  private static boolean has(List<Cause> causes, Kind kind) {
    return causes.stream().anyMatch(cause -> cause.kind() == kind);
  }

  private static boolean isChange(Cause cause) {
    return cause.before().isPresent() && cause.after().isPresent();
  }

  private static boolean followsFromText(Cause cause) {
    return switch (cause.kind()) {
      case FILE, IMAGE, ADDRESS, ARGUMENT, ENVIRONMENT -> !isChange(cause);
      case MOUNT, DEVICE, USER, DIRECTORY, NETWORK -> true;
      default -> false;
    };
  }

  private static boolean followsFromValue(Cause cause) {
    return switch (cause.kind()) {
      case IMAGE, ADDRESS, SECRET, MOUNT, DEVICE -> !isChange(cause);
      case DIRECTORY, USER -> true;
      default -> false;
    };
  }
}
