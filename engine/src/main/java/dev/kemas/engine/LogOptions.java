package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.runtime.CreateRequest.LogLimits;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code --log-driver} and {@code --log-opt}: how much of a container's output is kept. */
final class LogOptions {
  /** The driver that keeps nothing. */
  static final String NONE = "none";

  private static final Set<String> DRIVERS = Set.of("", "json-file", "local", "k8s-file", NONE);
  private static final Set<String> IGNORED =
      Set.of("compress", "labels", "labels-regex", "env", "env-regex", "tag", "mode");

  private LogOptions() {}

  /**
   * What a container asks for, completed by the engine's own options: its driver where none is
   * named, its options where the driver is the same.
   */
  static HostConfig.LogConfig merge(HostConfig.LogConfig asked, HostConfig.LogConfig defaults) {
    if (!asked.type().isEmpty() && !asked.type().equals(defaults.type())) {
      return asked;
    }
    SortedMap<String, String> options = new TreeMap<>(defaults.config());
    options.putAll(asked.config());
    return new HostConfig.LogConfig(defaults.type(), options);
  }

  /**
   * The limits that the options say.
   *
   * @throws Fault.InvalidArgument for an unknown driver or option, or a bad value
   */
  static LogLimits limits(HostConfig.LogConfig config) {
    if (!DRIVERS.contains(config.type())) {
      throw new Fault.InvalidArgument(
          "logger: no log driver named '"
              + config.type()
              + "' is registered; use json-file or local");
    }
    if (config.type().equals(NONE)) {
      return LogLimits.NOTHING;
    }
    long bytes = LogLimits.DEFAULT.fileBytes();
    int files = LogLimits.DEFAULT.files();
    for (Map.Entry<String, String> option : config.config().entrySet()) {
      switch (option.getKey()) {
        case "max-size" -> bytes = option.getValue().equals("-1") ? bytes : size(option.getValue());
        case "max-file" -> files = count(option.getValue());
        default -> {
          if (!IGNORED.contains(option.getKey())) {
            throw new Fault.InvalidArgument(
                "unknown log opt '" + option.getKey() + "' for json-file log driver");
          }
        }
      }
    }
    return new LogLimits(bytes, files);
  }

  private static int count(String text) {
    try {
      int n = Integer.parseInt(text);
      if (n >= 1) {
        return n;
      }
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("max-file must be a number, not \"" + text + "\"", e);
    }
    throw new Fault.InvalidArgument("max-file cannot be less than 1");
  }

  private static long size(String text) {
    String lower = text.toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
    long unit =
        switch (lower.isEmpty() ? ' ' : lower.charAt(lower.length() - 1)) {
          case 'k' -> 1L << 10;
          case 'm' -> 1L << 20;
          case 'g' -> 1L << 30;
          default -> 1;
        };
    try {
      String number = unit == 1 ? lower : lower.substring(0, lower.length() - 1);
      long bytes = Math.multiplyExact(Long.parseLong(number), unit);
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new Fault.InvalidArgument("invalid max-size: \"" + text + "\"", e);
    }
    throw new Fault.InvalidArgument("invalid max-size: \"" + text + "\": want more than 0");
  }
}
