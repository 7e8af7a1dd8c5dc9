package dev.kemas.provenance;

import dev.kemas.fault.Fault;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What provenance is asked for: {@code --provenance mode=max,version=v1}.
 *
 * @param mode how much it tells
 * @param inlineOnly whether it is wanted only where it can be attached to an image
 * @param version of SLSA's predicate
 * @param builderId who vouches for the builder, a URI; empty for nobody
 * @param reproducible what the builder claims of the build
 */
public record Options(
    Mode mode, boolean inlineOnly, Version version, String builderId, boolean reproducible) {

  /** What clients get that say nothing else; as BuildKit's. */
  public static final Options DEFAULT = new Options(Mode.MIN, false, Version.V1, "", false);

  /** How much is told. */
  public enum Mode {
    /** Nothing that may be confidential: no build arguments, no names of secrets, no steps. */
    MIN,
    /** Everything that is known. */
    MAX
  }

  /** The versions of SLSA's predicate. */
  public enum Version {
    V0_2("v0.2", "https://slsa.dev/provenance/v0.2"),
    V1("v1", "https://slsa.dev/provenance/v1");

    private final String text;
    private final String predicateType;

    Version(String text, String predicateType) {
      this.text = text;
      this.predicateType = predicateType;
    }

    /** The type in a statement. */
    public String predicateType() {
      return predicateType;
    }
  }

  /**
   * Reads what clients send: {@code mode=max,builder-id=https://example.org/ci}.
   *
   * @throws Fault.InvalidArgument for an unknown key or value, naming those that there are
   */
  public static Options parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : text.split(",", -1)) {
      int at = field.indexOf('=');
      if (!field.isBlank()) {
        fields.put(
            (at < 0 ? field : field.substring(0, at)).strip().toLowerCase(Locale.ROOT),
            at < 0 ? "true" : field.substring(at + 1).strip());
      }
    }
    Options options = DEFAULT;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      options = options.with(field.getKey(), field.getValue());
    }
    return options;
  }

  private Options with(String key, String value) {
    return switch (key) {
      case "mode" -> new Options(mode(value), inlineOnly, version, builderId, reproducible);
      case "inline-only" -> new Options(mode, truth(key, value), version, builderId, reproducible);
      case "version" -> new Options(mode, inlineOnly, version(value), builderId, reproducible);
      case "builder-id" -> new Options(mode, inlineOnly, version, value, reproducible);
      case "reproducible" -> new Options(mode, inlineOnly, version, builderId, truth(key, value));
      // who makes the statement, whether one is wanted at all: not this one's to know
      case "type", "disabled", "generator", "filename" -> this;
      default ->
          throw new Fault.InvalidArgument(
              "invalid provenance option \""
                  + key
                  + "\": use mode, inline-only, version, builder-id or reproducible");
    };
  }

  private static Mode mode(String value) {
    return switch (value) {
      case "", "min", "true" -> Mode.MIN;
      case "max" -> Mode.MAX;
      default ->
          throw new Fault.InvalidArgument(
              "invalid provenance mode \"" + value + "\": use min or max");
    };
  }

  private static Version version(String value) {
    for (Version version : Version.values()) {
      if (version.text.equals(value)) {
        return version;
      }
    }
    throw new Fault.InvalidArgument("invalid provenance version \"" + value + "\": use v0.2 or v1");
  }

  private static boolean truth(String key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default ->
          throw new Fault.InvalidArgument(
              "invalid value \""
                  + value
                  + "\" of provenance option "
                  + key
                  + ": use true or false");
    };
  }
}
