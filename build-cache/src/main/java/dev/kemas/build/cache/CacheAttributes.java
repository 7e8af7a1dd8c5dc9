package dev.kemas.build.cache;

import dev.kemas.fault.Fault;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is said of a cache: {@code type=registry,ref=host/app:cache,mode=max}; a value alone is an
 * image to look in.
 */
public record CacheAttributes(Map<String, String> byName) {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,6}) ?(|[bkmgt])(?:i?b)?|([0-9]{1,15})");

  public CacheAttributes {
    byName = Map.copyOf(byName);
  }

  /**
   * Reads the value of {@code --cache-from} or {@code --cache-to}.
   *
   * @throws Fault.InvalidArgument for a part without a value
   */
  public static CacheAttributes parse(String text) {
    if (!text.contains("=")) {
      return new CacheAttributes(Map.of("type", "registry", "ref", text.strip()));
    }
    Map<String, String> byName = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new Fault.InvalidArgument(
            "invalid cache \"%s\": want type=registry,ref=NAME and the like".formatted(text));
      }
      byName.put(
          part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
          part.substring(equals + 1).strip());
    }
    return new CacheAttributes(byName);
  }

  /** {@code registry}, {@code local}, {@code inline} or another word. */
  public String type() {
    return byName.getOrDefault("type", "registry");
  }

  /**
   * A value that must be there.
   *
   * @throws Fault.InvalidArgument when it is not
   */
  String required(String name) {
    String value = byName.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new Fault.InvalidArgument("a cache of type=%s needs %s=...".formatted(type(), name));
    }
    return value;
  }

  boolean flag(String name, boolean otherwise) {
    String value = byName.getOrDefault(name, Boolean.toString(otherwise));
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw new Fault.InvalidArgument(
              "invalid value \"%s\" of %s: want true or false".formatted(value, name));
    };
  }

  /**
   * A number of bytes: {@code 500m}, {@code 2g}, {@code 2GiB}; units of 1024.
   *
   * @throws Fault.InvalidArgument when it is none
   */
  Optional<Long> size(String name) {
    String value = byName.getOrDefault(name, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new Fault.InvalidArgument(
          "invalid value \"%s\" of %s: want a number of bytes such as 500m or 2g"
              .formatted(value, name));
    }
    if (size.group(3) != null) {
      return Optional.of(Long.parseLong(size.group(3)));
    }
    int unit = "bkmgt".indexOf(size.group(2).isEmpty() ? "b" : size.group(2));
    return Optional.of(Long.parseLong(size.group(1)) << (10 * unit));
  }

  /** Whether all steps are meant, and not just those of the result. */
  boolean max() {
    String mode = byName.getOrDefault("mode", "min");
    if (!Set.of("min", "max").contains(mode)) {
      throw new Fault.InvalidArgument("invalid mode \"" + mode + "\": want min or max");
    }
    return mode.equals("max");
  }
}
