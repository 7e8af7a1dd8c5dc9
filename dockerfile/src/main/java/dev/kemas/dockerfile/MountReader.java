package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Mount.Sharing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code RUN --mount} to a {@link Mount}. */
final class MountReader {
  private static final Set<String> TYPES =
      new TreeSet<>(List.of("bind", "cache", "tmpfs", "secret", "ssh"));
  private static final Set<String> SHARINGS = new TreeSet<>(List.of("shared", "private", "locked"));
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
  private static final Set<String> KEYS =
      Set.of(
          "type",
          "from",
          "source",
          "target",
          "readonly",
          "readwrite",
          "id",
          "sharing",
          "required",
          "size",
          "mode",
          "uid",
          "gid",
          "env");
  private static final Set<String> WITHOUT_VALUE = Set.of("readonly", "readwrite", "required");
  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kKmMgGtTpP]?)(?:[iI]?[bB])?");
  private static final long MAX_ID = Integer.MAX_VALUE;

  private final String type;
  private final Map<String, String> settings;
  private final String workingDirectory;

  private MountReader(String type, Map<String, String> settings, String workingDirectory) {
    this.type = type;
    this.settings = settings;
    this.workingDirectory = workingDirectory;
  }

  /** A setting as written. */
  static Optional<String> setting(String text, String key) throws Problem {
    Optional<String> found = Optional.empty();
    for (String field : Settings.split(text)) {
      Settings.Setting setting = Settings.setting(field);
      if (ALIASES.getOrDefault(setting.key(), setting.key()).equals(key)) {
        found = setting.value();
      }
    }
    return found;
  }

  static Mount read(String text, UnaryOperator<String> expand, String workingDirectory)
      throws Problem {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String field : Settings.split(text)) {
      Settings.Setting setting = Settings.setting(field);
      String key = ALIASES.getOrDefault(setting.key(), setting.key());
      if (setting.value().isEmpty() && !WITHOUT_VALUE.contains(key)) {
        throw new Problem("invalid field '%s' must be a key=value pair".formatted(field));
      }
      if (!KEYS.contains(key)) {
        Set<String> known = new TreeSet<>(KEYS);
        known.addAll(ALIASES.keySet());
        throw new Problem(
            "unexpected key '%s' in '%s'%s"
                .formatted(setting.key(), field, Suggestion.of(setting.key(), known)));
      }
      String value = expand.apply(setting.value().orElse("true"));
      if (key.equals("readwrite")) {
        key = "readonly";
        value = Boolean.toString(!Settings.bool("readwrite", value));
      }
      settings.put(key, value); // of two alike the last holds
    }
    String type = settings.getOrDefault("type", "bind").toLowerCase(Locale.ROOT);
    if (!TYPES.contains(type)) {
      throw new Problem(
          "unsupported mount type \"%s\"%s"
              .formatted(settings.get("type"), Suggestion.of(type, TYPES)));
    }
    return new MountReader(type, settings, workingDirectory).mount();
  }

  private Mount mount() throws Problem {
    if (!type.equals("secret") && !type.equals("ssh")) {
      forbid("required", "unexpected key 'required' for mount type '%s'");
    }
    if (!type.equals("tmpfs")) {
      forbid("size", "unexpected key 'size' for mount type '%s'");
    }
    if (type.equals("bind") || type.equals("tmpfs")) {
      forbid("mode", "mode not allowed for \"%s\" type mounts");
      forbid("uid", "uid not allowed for \"%s\" type mounts");
      forbid("gid", "gid not allowed for \"%s\" type mounts");
    }
    if (type.equals("secret")) {
      forbid("from", "%s mount should not have a from");
      forbid("sharing", "%s mount should not define sharing");
    }
    if (!type.equals("cache")) {
      forbid("sharing", "invalid cache sharing set for %s mount");
    }
    return switch (type) {
      case "cache" -> cache();
      case "tmpfs" -> new Mount.Tmpfs(target(), size(), readOnly(false));
      case "secret" -> secret();
      case "ssh" -> ssh();
      default -> new Mount.Bind(target(), text("from"), source(), readOnly(true));
    };
  }

  private void forbid(String key, String message) throws Problem {
    if (text(key).isPresent()) {
      throw new Problem(message.formatted(type));
    }
  }

  private Mount cache() throws Problem {
    String sharing = text("sharing").orElse("shared").toLowerCase(Locale.ROOT);
    if (!SHARINGS.contains(sharing)) {
      throw new Problem(
          "unsupported sharing value \"%s\"%s"
              .formatted(settings.get("sharing"), Suggestion.of(sharing, SHARINGS)));
    }
    return new Mount.Cache(
        text("id").orElse(clean(settings.getOrDefault("target", ""))),
        target(),
        Sharing.valueOf(sharing.toUpperCase(Locale.ROOT)),
        text("from"),
        source(),
        readOnly(false),
        id("uid"),
        id("gid"),
        mode(0755));
  }

  private Mount secret() throws Problem {
    Optional<String> source = text("source");
    Optional<String> id = text("id");
    Optional<String> target = text("target");
    if (source.isPresent() && id.isPresent()) {
      throw new Problem("both source and id can't be set");
    }
    String name =
        source
            .or(() -> id)
            .or(() -> target.map(MountReader::lastPart))
            .orElseThrow(() -> new Problem("invalid secret mount. one of source, target required"));
    Optional<String> env =
        Optional.ofNullable(settings.get("env")).map(given -> given.isEmpty() ? name : given);
    Optional<String> file =
        target
            .or(() ->
                env.isPresent() ? Optional.empty() : Optional.of("/run/secrets/" + lastPart(name)))
            .map(this::absolute);
    return new Mount.Secret(name, file, env, required(), id("uid"), id("gid"), mode(0400));
  }

  private Mount ssh() throws Problem {
    forbid("source", "%s does not support source");
    return new Mount.Ssh(
        text("id").orElse("default"),
        text("target").map(this::absolute),
        required(),
        id("uid"),
        id("gid"),
        mode(0600));
  }

  /** A setting's value; one that is empty counts as not given. */
  private Optional<String> text(String key) {
    return Optional.ofNullable(settings.get(key)).filter(value -> !value.isEmpty());
  }

  private String target() throws Problem {
    String target = absolute(settings.getOrDefault("target", ""));
    if (target.equals("/")) {
      throw new Problem("invalid mount target \"/\": a mount needs target= with a path");
    }
    return target;
  }

  private String source() {
    return clean("/" + settings.getOrDefault("source", ""));
  }

  private boolean readOnly(boolean usual) throws Problem {
    Optional<String> text = text("readonly");
    return text.isEmpty() ? usual : Settings.bool("readonly", text.get());
  }

  private boolean required() throws Problem {
    Optional<String> text = text("required");
    return text.isPresent() && Settings.bool("required", text.get());
  }

  private int id(String key) throws Problem {
    String text = text(key).orElse("0");
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_ID) {
      throw new Problem("invalid value %s for %s".formatted(text, key));
    }
    return (int) Long.parseLong(text);
  }

  private int mode(int usual) throws Problem {
    Optional<String> text = text("mode");
    if (text.isEmpty()) {
      return usual;
    }
    if (!text.get().matches("[0-7]{1,10}") || Long.parseLong(text.get(), 8) > 07777) {
      throw new Problem("invalid value %s for mode".formatted(text.get()));
    }
    return Integer.parseInt(text.get(), 8);
  }

  private OptionalLong size() throws Problem {
    Optional<String> text = text("size");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    Matcher matcher = SIZE.matcher(text.get());
    if (!matcher.matches()) {
      throw new Problem("invalid value for size: " + text.get());
    }
    int power = " kmgtp".indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(1L << (10 * Math.max(0, power))));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new Problem("invalid value for size: " + text.get());
    }
    return OptionalLong.of(bytes.longValue());
  }

  private String absolute(String path) {
    return clean(path.startsWith("/") ? path : workingDirectory + "/" + path);
  }

  private static String lastPart(String path) {
    String clean = clean(path);
    return clean.substring(clean.lastIndexOf('/') + 1);
  }

  /** As a path without needless parts: what is absolute stays so, what is relative, too. */
  private static String clean(String path) {
    boolean absolute = path.startsWith("/");
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      boolean up = part.equals("..");
      if (up && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".") && !(up && absolute)) {
        parts.add(part);
      }
    }
    String joined = String.join("/", parts);
    return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
  }
}
