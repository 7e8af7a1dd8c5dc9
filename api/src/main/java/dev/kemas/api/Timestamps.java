package dev.kemas.api;

import dev.kemas.fault.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as the Engine API writes and reads them. */
public final class Timestamps {
  /** What Docker writes for a time that never was, such as the end of a running container. */
  public static final String NEVER = "0001-01-01T00:00:00Z";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final Pattern UNIX = Pattern.compile("(-?\\d{1,12})(?:\\.(\\d{1,9}))?");
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)(?:\\.(\\d{1,9}))?s)?");

  private Timestamps() {}

  /** RFC 3339 with as many digits of the second as there are, like Go's RFC3339Nano. */
  public static String nano(Instant time) {
    String text = SECONDS.format(time);
    if (time.get(ChronoField.NANO_OF_SECOND) == 0) {
      return text + "Z";
    }
    String digits = "%09d".formatted(time.get(ChronoField.NANO_OF_SECOND));
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return text + "." + digits.substring(0, end) + "Z";
  }

  /** The same, or {@link #NEVER}. */
  public static String nanoOrNever(Optional<Instant> time) {
    return time.map(Timestamps::nano).orElse(NEVER);
  }

  /** RFC 3339 with exactly nine digits, as in the lines of a log. */
  public static String fixed(Instant time) {
    return SECONDS.format(time) + ".%09dZ".formatted(time.get(ChronoField.NANO_OF_SECOND));
  }

  /**
   * Reads a bound of a time range: seconds since 1970 with or without a fraction, RFC 3339 with or
   * without zone, or a duration such as {@code 1h30m} before now.
   *
   * @param field names the value in the error
   * @param now what durations count back from
   * @throws Fault.InvalidArgument when it is none of them
   */
  public static Instant parse(String field, String text, Instant now) {
    Matcher unix = UNIX.matcher(text);
    try {
      if (unix.matches()) {
        String fraction = unix.group(2) == null ? "" : unix.group(2);
        return Instant.ofEpochSecond(
            Long.parseLong(unix.group(1)),
            fraction.isEmpty() ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9)));
      }
      Matcher duration = DURATION.matcher(text);
      if (!text.isEmpty() && duration.matches()) {
        return now.minus(
            Duration.ofHours(number(duration.group(1)))
                .plusMinutes(number(duration.group(2)))
                .plusSeconds(number(duration.group(3))));
      }
      if (text.matches(".*(?:Z|[+-]\\d\\d:\\d\\d)")) {
        return OffsetDateTime.parse(text).toInstant();
      }
      return LocalDateTime.parse(text.contains("T") ? text : text + "T00:00:00")
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + field + "\": \"" + text + "\" is not a point in time", e);
    }
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
