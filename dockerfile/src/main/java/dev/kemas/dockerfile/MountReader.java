package dev.kemas.dockerfile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The value of {@code RUN --mount}: comma-separated settings. */
final class MountReader {
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "bind", Set.of("target", "source", "from", "readwrite", "readonly"),
          "cache",
              Set.of(
                  "target",
                  "source",
                  "from",
                  "readonly",
                  "readwrite",
                  "id",
                  "sharing",
                  "mode",
                  "uid",
                  "gid"),
          "tmpfs", Set.of("target", "size"),
          "secret", Set.of("id", "target", "env", "required", "mode", "uid", "gid"),
          "ssh", Set.of("id", "target", "required", "mode", "uid", "gid"));
  private static final Map<String, String> ALIASES =
      Map.of(
          "dst",
          "target",
          "destination",
          "target",
          "src",
          "source",
          "rw",
          "readwrite",
          "ro",
          "readonly");

  private MountReader() {}

  static Mount read(String text) throws Problem {
    String type = "bind";
    Map<String, String> options = new LinkedHashMap<>();
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String written = equals < 0 ? field : field.substring(0, equals);
      String key = ALIASES.getOrDefault(written, written);
      String value = equals < 0 ? "true" : field.substring(equals + 1);
      if (key.equals("type")) {
        type = value;
      } else if (options.put(key, value) != null) {
        throw new Problem("invalid mount \"%s\": %s is given twice".formatted(text, key));
      }
    }
    Set<String> known = KEYS.get(type);
    if (known == null) {
      throw new Problem(
          "unsupported mount type \"%s\"%s"
              .formatted(type, Suggestion.of(type, new TreeSet<>(KEYS.keySet()))));
    }
    for (String key : options.keySet()) {
      if (!known.contains(key)) {
        throw new Problem(
            "unexpected key '%s' in '%s' for a %s mount%s"
                .formatted(key, text, type, Suggestion.of(key, new TreeSet<>(known))));
      }
    }
    for (String required : List.of("target")) {
      boolean needed = !type.equals("secret") && !type.equals("ssh");
      if (needed && options.getOrDefault(required, "").isEmpty()) {
        throw new Problem("invalid mount target \"\": %s mounts need target=".formatted(type));
      }
    }
    return new Mount(type, Collections.unmodifiableMap(options));
  }
}
