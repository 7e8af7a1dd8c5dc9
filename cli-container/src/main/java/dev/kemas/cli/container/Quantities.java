package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.math.BigDecimal;
import java.util.Locale;

/** Amounts as people type them: sizes, numbers of CPUs, limits, restart policies. */
public final class Quantities {
  private static final BigDecimal BILLION = BigDecimal.valueOf(1_000_000_000L);

  private Quantities() {}

  /** {@code 512m} in bytes, in powers of 1024; {@code -1} stays. */
  public static long bytes(Flags flags, String option, String text) {
    String lower = text.toLowerCase(Locale.ROOT).strip();
    if (lower.equals("-1")) {
      return -1;
    }
    String number = lower;
    if (number.endsWith("ib")) {
      number = number.substring(0, number.length() - 2);
    } else if (number.endsWith("b")) {
      number = number.substring(0, number.length() - 1);
    }
    long unit = 1;
    if (!number.isEmpty()) {
      int power = "kmgtp".indexOf(number.charAt(number.length() - 1));
      if (power >= 0) {
        unit = 1L << (10 * (power + 1));
        number = number.substring(0, number.length() - 1);
      }
    }
    try {
      BigDecimal bytes = new BigDecimal(number.strip()).multiply(BigDecimal.valueOf(unit));
      if (bytes.signum() >= 0) {
        return bytes.longValue();
      }
    } catch (NumberFormatException e) {
      throw flags.invalid(option, text, "invalid size: '" + text + "'");
    }
    throw flags.invalid(option, text, "invalid size: '" + text + "'");
  }

  static long nanoCpus(Flags flags, String text) {
    try {
      BigDecimal nanos = new BigDecimal(text).multiply(BILLION);
      if (nanos.stripTrailingZeros().scale() > 0) {
        throw flags.invalid("cpus", text, "value is too precise");
      }
      return nanos.longValue();
    } catch (NumberFormatException e) {
      throw flags.invalid("cpus", text, "failed to parse " + text + " as a rational number");
    }
  }

  /** {@code nofile=1024:2048}. */
  public static Json.Obj ulimit(Flags flags, String text) {
    int equal = text.indexOf('=');
    String limits = text.substring(equal + 1);
    int colon = limits.indexOf(':');
    try {
      if (equal > 0) {
        long soft = Long.parseLong(colon < 0 ? limits : limits.substring(0, colon));
        long hard = colon < 0 ? soft : Long.parseLong(limits.substring(colon + 1));
        if (hard != -1 && (soft > hard || soft == -1)) {
          throw flags.invalid(
              "ulimit",
              text,
              "ulimit soft limit must be less than or equal to hard limit: " + soft + " > " + hard);
        }
        return Json.object()
            .put("Name", text.substring(0, equal))
            .put("Hard", hard)
            .put("Soft", soft);
      }
    } catch (NumberFormatException e) {
      throw flags.invalid("ulimit", text, "invalid ulimit argument: " + text);
    }
    throw flags.invalid("ulimit", text, "invalid ulimit argument: " + text);
  }

  /** {@code on-failure:3}. */
  static Json.Obj restart(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    long retries = 0;
    if (colon >= 0) {
      try {
        retries = Long.parseLong(text.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw new UsageError(
            "invalid restart policy format: maximum retry count must be an integer", e);
      }
    }
    if (name.isEmpty() && colon >= 0) {
      throw new UsageError("invalid restart policy format: no policy provided before colon");
    }
    return Json.object().put("Name", name).put("MaximumRetryCount", retries);
  }
}
