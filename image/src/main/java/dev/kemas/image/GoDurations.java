package dev.kemas.image;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Times as Docker's filters take them: {@code 1h30m}, {@code 1700000000.5}, RFC 3339. */
final class GoDurations {
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h)");
  private static final Pattern UNIX = Pattern.compile("\\d{1,11}(\\.\\d{1,9})?");

  private GoDurations() {}

  /** A duration such as {@code 1h30m}. */
  static Optional<Duration> parse(String text) {
    Matcher parts = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (parts.find() && parts.start() == end) {
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(unit(parts.group(2))));
      end = parts.end();
    }
    return end == 0 || end != text.length()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  private static BigDecimal unit(String name) {
    return BigDecimal.valueOf(
        switch (name) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        });
  }

  /** Seconds since the epoch, or a date with or without time and zone. */
  static Optional<Instant> timestamp(String text) {
    if (UNIX.matcher(text).matches()) {
      BigDecimal seconds = new BigDecimal(text);
      long whole = seconds.longValue();
      return Optional.of(
          Instant.ofEpochSecond(
              whole, seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue()));
    }
    return Stream.<Function<String, Instant>>of(
            t -> OffsetDateTime.parse(t).toInstant(),
            t -> LocalDateTime.parse(t).toInstant(ZoneOffset.UTC),
            t -> LocalDate.parse(t).atStartOfDay(ZoneOffset.UTC).toInstant())
        .flatMap(form -> read(form, text).stream())
        .findFirst();
  }

  private static Optional<Instant> read(Function<String, Instant> form, String text) {
    try {
      return Optional.of(form.apply(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // it may be in another form
    }
  }
}
