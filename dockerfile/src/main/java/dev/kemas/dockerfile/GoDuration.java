package dev.kemas.dockerfile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Docker writes them: {@code 1m30s}, {@code 1.5h}, {@code 500ms}. */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+");
  private static final Pattern UNIT = Pattern.compile("[^0-9.]+");

  private GoDuration() {}

  static Duration parse(String text) throws Problem {
    String body = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (body.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = PART.matcher(body);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (matcher.lookingAt()) {
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit(matcher.group(2))));
      end = matcher.end();
      matcher.region(end, body.length());
    }
    if (body.isEmpty() || end != body.length()) {
      throw invalid(text, body.substring(end));
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new Problem("time: duration \"%s\" is too long".formatted(text));
    }
    Duration duration = Duration.ofNanos(nanos.longValue());
    return text.startsWith("-") ? duration.negated() : duration;
  }

  /** In the words of Go's parser, which tells what it misses behind a number. */
  private static Problem invalid(String text, String rest) {
    Matcher number = NUMBER.matcher(rest);
    if (!number.lookingAt()) {
      return new Problem("time: invalid duration \"%s\"".formatted(text));
    }
    Matcher unit = UNIT.matcher(rest.substring(number.end()));
    return unit.lookingAt()
        ? new Problem("time: unknown unit \"%s\" in duration \"%s\"".formatted(unit.group(), text))
        : new Problem("time: missing unit in duration \"%s\"".formatted(text));
  }

  private static BigDecimal unit(String name) {
    return BigDecimal.valueOf(
        switch (name) {
          case "ns" -> 1L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 1_000L;
        });
  }
}
