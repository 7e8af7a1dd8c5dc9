package dev.kemas.registry.client;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many pulls a registry allows, from its headers {@code RateLimit-Limit} and {@code
 * RateLimit-Remaining}: {@code 100;w=21600}.
 *
 * @param limit pulls in a window
 * @param remaining of them
 * @param window empty where the registry does not say
 */
public record RateLimit(long limit, long remaining, Optional<Duration> window) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(\\d{1,12})(?:\\s*;\\s*w=(\\d{1,9}))?.*");

  static Optional<RateLimit> of(HttpResponse<InputStream> response) {
    Optional<Matcher> limit = header(response, "RateLimit-Limit");
    Optional<Matcher> remaining = header(response, "RateLimit-Remaining");
    if (limit.isEmpty() || remaining.isEmpty()) {
      return Optional.empty();
    }
    String window = limit.get().group(2);
    return Optional.of(
        new RateLimit(
            Long.parseLong(limit.get().group(1)),
            Long.parseLong(remaining.get().group(1)),
            window == null
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Long.parseLong(window)))));
  }

  private static Optional<Matcher> header(HttpResponse<InputStream> response, String name) {
    return response.headers().firstValue(name).map(FORM::matcher).filter(Matcher::matches);
  }

  /** Whether less than a tenth is left: worth telling. */
  public boolean isLow() {
    return remaining * 10 < limit;
  }

  @Override
  public String toString() {
    return remaining
        + " of "
        + limit
        + " pulls left"
        + window.map(w -> " in " + w.toMinutes() + " minutes").orElse("");
  }
}
