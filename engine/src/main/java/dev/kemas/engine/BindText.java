package dev.kemas.engine;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * {@code -v} as it is typed: {@code source:target[:options]}, or a target alone.
 *
 * @param source absolute path on the host, a volume's name, or empty
 * @param fill whether an empty volume is filled from the image
 */
record BindText(
    String source, String target, String mode, boolean writable, String propagation, boolean fill) {
  private static final Set<String> PROPAGATIONS =
      Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave");
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("z", "Z", "consistent", "cached", "delegated");

  boolean isVolume() {
    return !source.startsWith("/");
  }

  static BindText parse(String text) {
    List<String> part = List.of(text.split(":", -1));
    if (part.size() > 3 || part.stream().anyMatch(String::isEmpty)) {
      throw invalid(text, "");
    }
    String source = part.size() == 1 ? "" : part.get(0);
    String target = target(part.size() == 1 ? part.get(0) : part.get(1), text);
    boolean writable = true;
    boolean fill = true;
    String propagation = "";
    String mode = part.size() == 3 ? part.get(2) : "";
    for (String option : mode.isEmpty() ? List.<String>of() : List.of(mode.split(",", -1))) {
      if (option.equals("ro")) {
        writable = false;
      } else if (option.equals("nocopy")) {
        fill = false;
      } else if (PROPAGATIONS.contains(option)) {
        propagation = option;
      } else if (!option.equals("rw") && !WITHOUT_EFFECT.contains(option)) {
        throw invalid(text, ": invalid mode: " + option);
      }
    }
    boolean volume = !source.startsWith("/");
    if (volume && (source.startsWith(".") || source.contains("/"))) {
      throw new Fault.InvalidArgument(
          "create "
              + source
              + ": \""
              + source
              + "\" includes invalid characters for a local volume name, only"
              + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
              + " directory, use absolute path");
    }
    return new BindText(
        volume ? source : Path.of(source).normalize().toString(),
        target,
        mode,
        writable,
        volume || !propagation.isEmpty() ? propagation : "rprivate",
        fill);
  }

  /** An absolute path within a container that is not its root. */
  static String target(String path, String whole) {
    if (!path.startsWith("/")) {
      throw new Fault.InvalidArgument(
          "invalid volume specification: '"
              + whole
              + "': invalid mount path: '"
              + path
              + "' mount path must be absolute");
    }
    String clean = Path.of(path).normalize().toString();
    if (clean.equals("/")) {
      throw new Fault.InvalidArgument(
          "invalid volume specification: '" + whole + "': destination can't be '/'");
    }
    return clean;
  }

  static String requirePropagation(String propagation) {
    if (!PROPAGATIONS.contains(propagation)) {
      throw new Fault.InvalidArgument(
          "invalid mount config for type \"bind\": invalid propagation mode: " + propagation);
    }
    return propagation;
  }

  private static Fault.InvalidArgument invalid(String text, String why) {
    return new Fault.InvalidArgument("invalid volume specification: '" + text + "'" + why);
  }
}
