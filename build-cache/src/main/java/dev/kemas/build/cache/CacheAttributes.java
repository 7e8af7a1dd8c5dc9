package dev.kemas.build.cache;

import dev.kemas.fault.Fault;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is said of a cache: {@code type=registry,ref=host/app:cache,mode=max}; a value alone is an
 * image to look in.
 */
public record CacheAttributes(Map<String, String> byName) {
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

  /** Whether all steps are meant, and not just those of the result. */
  boolean max() {
    String mode = byName.getOrDefault("mode", "min");
    if (!Set.of("min", "max").contains(mode)) {
      throw new Fault.InvalidArgument("invalid mode \"" + mode + "\": want min or max");
    }
    return mode.equals("max");
  }
}
