package dev.kemas.text;

import dev.kemas.flag.UsageError;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Points in time as people type them and as Go prints them. */
public final class Moments {
  private Moments() {}

  /** {@code 2026-01-31 13:05:09 +0100 CET}, Go's default form, in the zone of this host. */
  public static String goForm(long unixSeconds) {
    ZonedDateTime time = Instant.ofEpochSecond(unixSeconds).atZone(ZoneId.systemDefault());
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z zzz").format(time);
  }

  /** {@code 2026-01-31T13:05:09.000000123+01:00} with all nine digits, as events show it. */
  public static String nanoForm(long unixNanos) {
    ZonedDateTime time =
        Instant.ofEpochSecond(
                Math.floorDiv(unixNanos, 1_000_000_000L), Math.floorMod(unixNanos, 1_000_000_000L))
            .atZone(ZoneId.systemDefault());
    return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnxxx").format(time);
  }

  /** The Unix seconds of a time in RFC 3339; 0 for Go's zero time and for no time. */
  public static long seconds(String rfc3339) {
    if (rfc3339.isEmpty() || rfc3339.startsWith("0001-")) {
      return 0;
    }
    return OffsetDateTime.parse(rfc3339).toEpochSecond();
  }

  /**
   * What {@code --since} and {@code --until} take to what the API takes: a Unix time with its
   * fraction stays, a span such as {@code 42m} is counted back from now, a date is read in the zone
   * of this host.
   */
  public static String toApi(String text, long nowMillis) {
    if (text.isEmpty() || isNumber(text)) {
      return text;
    }
    long span = GoDurations.nanos(text);
    if (span >= 0) {
      return decimal(Instant.ofEpochMilli(nowMillis).minusNanos(span));
    }
    return decimal(parse(text));
  }

  private static String decimal(Instant instant) {
    String nanos = Integer.toString(instant.getNano());
    return instant.getEpochSecond() + "." + "0".repeat(9 - nanos.length()) + nanos;
  }

  private static Instant parse(String text) {
    try {
      boolean hasZone =
          text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > 10;
      if (hasZone) {
        return OffsetDateTime.parse(text).toInstant();
      }
      if (text.indexOf('T') > 0) {
        return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
      }
      return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageError(
          "failed to parse value as time or duration: \""
              + text
              + "\": use 2026-01-31T13:05:00, 42m, or seconds since 1970",
          e);
    }
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return true;
  }
}
