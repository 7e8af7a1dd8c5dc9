package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.flag.UsageError;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;

/** {@code --mount type=bind,source=/a,target=/b,readonly}. */
final class MountSpec {
  private final String text;
  private final Json.Obj mount = Json.object().put("Type", "volume");
  private final Json.Obj bind = Json.object();
  private final Json.Obj volume = Json.object();
  private final Json.Obj tmpfs = Json.object();

  private MountSpec(String text) {
    this.text = text;
  }

  static Json.Obj parse(String text) {
    return new MountSpec(text).parse();
  }

  private Json.Obj parse() {
    for (String field : Fields.split(text)) {
      int equal = field.indexOf('=');
      String key = (equal < 0 ? field : field.substring(0, equal)).toLowerCase(Locale.ROOT);
      field(key.strip(), equal < 0 ? "true" : field.substring(equal + 1), equal >= 0);
    }
    String type = mount.text("Type");
    if (mount.text("Target").isEmpty()) {
      throw invalid("target is required");
    }
    options(type, "bind", bind, "BindOptions");
    options(type, "volume", volume, "VolumeOptions");
    options(type, "tmpfs", tmpfs, "TmpfsOptions");
    return mount;
  }

  private void options(String type, String wanted, Json.Obj options, String field) {
    if (options.fields().isEmpty()) {
      return;
    }
    if (!type.equals(wanted)) {
      throw invalid("cannot mix '" + wanted + "-*' options with mount type '" + type + "'");
    }
    mount.put(field, options);
  }

  private void field(String key, String value, boolean hasValue) {
    switch (key) {
      case "type" -> mount.put("Type", value.toLowerCase(Locale.ROOT));
      case "source", "src" -> mount.put("Source", source(value));
      case "target", "dst", "destination" -> mount.put("Target", value);
      case "readonly", "ro" -> mount.put("ReadOnly", truth(key, value));
      case "consistency" -> mount.put("Consistency", value);
      case "bind-propagation" -> bind.put("Propagation", value);
      case "bind-nonrecursive" -> bind.put("NonRecursive", truth(key, value));
      case "bind-create-src" -> bind.put("CreateMountpoint", truth(key, value));
      case "bind-recursive" -> recursive(value);
      case "volume-subpath" -> volume.put("Subpath", value);
      case "volume-nocopy" -> volume.put("NoCopy", truth(key, value));
      case "volume-label" -> nested(volume, "Labels", value);
      case "volume-driver" -> driver().put("Name", value);
      case "volume-opt" -> nested(driver(), "Options", value);
      case "tmpfs-size" -> tmpfs.put("SizeBytes", size(value));
      case "tmpfs-mode" -> tmpfs.put("Mode", octal(value));
      default ->
          throw invalid(
              hasValue
                  ? "unexpected key '" + key + "' in '" + key + "=" + value + "'"
                  : "invalid field '" + key + "' must be a key=value pair");
    }
  }

  private static String source(String value) {
    boolean relative = value.equals(".") || value.startsWith("./") || value.startsWith("../");
    return relative ? Path.of(value).toAbsolutePath().normalize().toString() : value;
  }

  private void recursive(String value) {
    switch (value) {
      case "enabled" -> {}
      case "disabled" -> bind.put("NonRecursive", true);
      case "writable" -> bind.put("ReadOnlyNonRecursive", true);
      case "readonly" -> bind.put("ReadOnlyForceRecursive", true);
      default -> throw invalid("invalid value for bind-recursive: " + value);
    }
  }

  private Json.Obj driver() {
    if (volume.get("DriverConfig") instanceof Json.Obj known) {
      return known;
    }
    Json.Obj driver = Json.object();
    volume.put("DriverConfig", driver);
    return driver;
  }

  private static void nested(Json.Obj parent, String name, String pair) {
    int equal = pair.indexOf('=');
    Json.Obj into;
    if (parent.get(name) instanceof Json.Obj known) {
      into = known;
    } else {
      into = Json.object();
      parent.put(name, into);
    }
    into.put(
        equal < 0 ? pair : pair.substring(0, equal), equal < 0 ? "" : pair.substring(equal + 1));
  }

  private boolean truth(String key, String value) {
    return switch (value) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw invalid("invalid value for " + key + ": " + value);
    };
  }

  private long size(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    String number = lower.endsWith("b") ? lower.substring(0, lower.length() - 1) : lower;
    int power = number.isEmpty() ? -1 : "kmgt".indexOf(number.charAt(number.length() - 1));
    try {
      String digits = power < 0 ? number : number.substring(0, number.length() - 1);
      return new BigDecimal(digits)
          .multiply(BigDecimal.valueOf(1L << (10 * (power + 1))))
          .longValue();
    } catch (NumberFormatException e) {
      throw invalid("invalid value for tmpfs-size: " + value);
    }
  }

  private long octal(String value) {
    try {
      return Long.parseLong(value, 8);
    } catch (NumberFormatException e) {
      throw invalid("invalid value for tmpfs-mode: " + value);
    }
  }

  private UsageError invalid(String why) {
    return new UsageError("invalid argument \"" + text + "\" for \"--mount\" flag: " + why);
  }
}
