package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How a request is tried again that failed for a reason that may pass: no answer, 429, 500, 502,
 * 503, 504. Waits double; a {@code Retry-After} is honoured up to the longest wait, and one that
 * asks for more ends the matter at once.
 *
 * @param most attempts in all, 1 for no second one
 * @param first wait before the second attempt, about
 * @param longest wait
 */
public record Retries(int most, Duration first, Duration longest) {
  /** Four more attempts within about ten seconds. */
  public static final Retries DEFAULT =
      new Retries(5, Duration.ofMillis(500), Duration.ofSeconds(60));

  public Retries {
    if (most < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new Fault.InvalidArgument(
          "retries want at least one attempt and a longest wait not under the first: "
              + most
              + ", "
              + first
              + ", "
              + longest);
    }
  }

  HttpResponse<InputStream> run(HttpRequest request, Supplier<HttpResponse<InputStream>> exchange) {
    for (int attempt = 1; ; attempt++) {
      Duration wait = usual(attempt);
      try {
        HttpResponse<InputStream> response = exchange.get();
        Optional<Duration> asked = after(response);
        if (attempt >= most
            || !passing(response.statusCode())
            || asked.filter(a -> a.compareTo(longest) > 0).isPresent()) {
          return response;
        }
        Transport.close(response);
        wait = asked.orElse(wait);
      } catch (Fault.Unavailable e) {
        if (attempt >= most
            || !(e.getCause() instanceof java.io.IOException cause)
            || !passing(cause)) {
          throw e;
        }
      }
      pause(wait, request.uri().getAuthority());
    }
  }

  /** Some randomness, so that many clients do not come back at the same moment. */
  Duration usual(int attempt) {
    long doubled = first.toMillis() << Math.min(attempt - 1, 20);
    long millis = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  static void pause(Duration wait, String host) {
    try {
      // nothing but an interrupt ends a back-off early
      if (new CountDownLatch(1).await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("nobody counts this latch down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while waiting for " + host);
    }
  }

  private static boolean passing(int status) {
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
  }

  /** A name that is not there, a closed port or a bad certificate stay so for longer than this. */
  private static boolean passing(java.io.IOException cause) {
    return !(cause instanceof java.net.ConnectException
        || cause instanceof java.net.http.HttpTimeoutException
        || cause instanceof javax.net.ssl.SSLException);
  }

  /** Seconds, or a date (RFC 9110, 10.2.3). */
  private static Optional<Duration> after(HttpResponse<InputStream> response) {
    Optional<String> text = response.headers().firstValue("Retry-After").map(String::strip);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(text.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(ZonedDateTime.now(date.getZone()), date);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException e) {
      return Optional.empty(); // as if it were not there
    }
  }
}
