package dev.kemas.api.server.http;

import dev.kemas.fault.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The parameters behind the question mark, read the way Docker reads them.
 *
 * @param byName decoded, in the order sent
 */
public record Query(Map<String, List<String>> byName) {

  /**
   * Takes the raw text apart.
   *
   * @throws Fault.InvalidArgument when a percent sign is not followed by two digits
   */
  public static Query parse(String raw) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return new Query(byName);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid URL escape in the query: \"" + text + "\"", e);
    }
  }

  /** All values of a name. */
  public List<String> all(String name) {
    return byName.getOrDefault(name, List.of());
  }

  /** Whether the name was sent at all. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The first value, or an empty text. */
  public String text(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? "" : values.getFirst();
  }

  /** The first value if it is not empty. */
  public Optional<String> value(String name) {
    return Optional.of(text(name)).filter(text -> !text.isEmpty());
  }

  /**
   * The first value, which a request needs.
   *
   * @throws Fault.InvalidArgument when it is missing
   */
  public String required(String name) {
    return value(name)
        .orElseThrow(() -> new Fault.InvalidArgument("missing parameter \"" + name + "\""));
  }

  /** A yes or no: everything but nothing, 0, no, false and none is a yes. */
  public boolean flag(String name) {
    return switch (text(name).strip().toLowerCase(Locale.ROOT)) {
      case "", "0", "no", "false", "none" -> false;
      default -> true;
    };
  }

  /** The same, with a value for a name that was not sent. */
  public boolean flag(String name, boolean otherwise) {
    return has(name) ? flag(name) : otherwise;
  }

  /**
   * A whole number, if one was sent.
   *
   * @throws Fault.InvalidArgument when it is none, naming the parameter
   */
  public OptionalLong number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": \"" + text + "\" is not a whole number", e);
    }
  }

  /** The same for numbers of 32 bits. */
  public OptionalInt integer(String name) {
    OptionalLong number = number(name);
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    long value = number.getAsLong();
    if (value != (int) value) {
      throw new Fault.InvalidArgument(
          "invalid value for \"" + name + "\": " + value + " is out of range");
    }
    return OptionalInt.of((int) value);
  }
}
