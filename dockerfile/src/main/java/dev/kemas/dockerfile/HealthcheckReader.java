package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** HEALTHCHECK, the one instruction with a word of its own before the command. */
final class HealthcheckReader {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private HealthcheckReader() {}

  static Healthcheck read(Node node, FlagReader flags) throws Problem {
    String[] parts = node.arguments().split("\\s+", 2);
    String type = parts[0].toUpperCase(Locale.ROOT);
    String rest = parts.length == 2 ? parts[1] : "";
    return switch (type) {
      case "" -> throw new Problem("HEALTHCHECK requires at least one argument");
      case "NONE" -> {
        if (!rest.isEmpty()) {
          throw new Problem("HEALTHCHECK NONE takes no arguments");
        }
        Duration none = Duration.ZERO;
        yield new Healthcheck(node, List.of("NONE"), none, none, none, none, 0);
      }
      case "CMD" ->
          new Healthcheck(
              node,
              test(rest),
              duration(flags, "interval"),
              duration(flags, "timeout"),
              duration(flags, "start-period"),
              duration(flags, "start-interval"),
              retries(flags));
      default -> throw new Problem("Unknown type \"%s\" in HEALTHCHECK (try CMD)".formatted(type));
    };
  }

  private static List<String> test(String rest) throws Problem {
    Optional<List<String>> exec = JsonStrings.parse(rest);
    if (rest.isEmpty() || exec.equals(Optional.of(List.of()))) {
      throw new Problem("Missing command after HEALTHCHECK CMD");
    }
    if (exec.isEmpty()) {
      return List.of("CMD-SHELL", rest);
    }
    List<String> test = new ArrayList<>(List.of("CMD"));
    test.addAll(exec.get());
    return List.copyOf(test);
  }

  private static Duration duration(FlagReader flags, String name) throws Problem {
    Optional<String> text = flags.string(name);
    if (text.isEmpty() || text.get().isEmpty()) {
      return Duration.ZERO;
    }
    Duration duration = GoDuration.parse(text.get());
    if (!duration.isZero() && duration.compareTo(SHORTEST) < 0) {
      throw new Problem("Interval \"%s\" cannot be less than 1ms".formatted(name));
    }
    return duration;
  }

  private static int retries(FlagReader flags) throws Problem {
    String text = flags.string("retries").orElse("0");
    try {
      int retries = Integer.parseInt(text);
      if (retries < 0) {
        throw new Problem("--retries cannot be negative (%d)".formatted(retries));
      }
      return retries;
    } catch (NumberFormatException e) {
      throw new Problem("strconv.ParseInt: parsing \"%s\": invalid syntax".formatted(text));
    }
  }
}
