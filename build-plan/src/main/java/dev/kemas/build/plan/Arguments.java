package dev.kemas.build.plan;

import dev.kemas.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Build arguments of one scope: which are declared, and their values (reference, "ARG"). */
final class Arguments {
  /** Reference, "Predefined ARGs": usable without ARG, left out of history and cache keys. */
  private static final Set<String> PROXIES =
      Set.of(
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
          "https_proxy",
          "FTP_PROXY",
          "ftp_proxy",
          "NO_PROXY",
          "no_proxy",
          "ALL_PROXY",
          "all_proxy");

  /** What a Dockerfile declares to tell the builder, not its commands. */
  private static final Set<String> FOR_THE_BUILDER =
      Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

  private final Map<String, String> given;
  private final Map<String, String> outer;
  private final Map<String, Optional<String>> declared = new LinkedHashMap<>();

  /**
   * @param given by the user, they win over defaults
   * @param outer the values that a declaration without default takes over
   */
  Arguments(Map<String, String> given, Map<String, String> outer) {
    this.given = given;
    this.outer = outer;
  }

  /** A scope that begins with what another one declared. */
  Arguments child() {
    Arguments child = new Arguments(given, outer);
    child.declared.putAll(declared);
    return child;
  }

  /**
   * Declares one.
   *
   * @param defaultValue asked for only when the user gave no value: it may not be expandable then
   */
  void declare(String name, Supplier<Optional<String>> defaultValue) {
    Optional<String> value = Optional.ofNullable(given.get(name));
    if (value.isEmpty()) {
      value = defaultValue.get();
    }
    if (value.isEmpty()) {
      value = Optional.ofNullable(outer.get(name));
    }
    declared.put(name, value);
  }

  int size() {
    return declared.size();
  }

  boolean declares(String name) {
    return declared.containsKey(name);
  }

  Optional<String> value(String name) {
    return declared.getOrDefault(name, Optional.empty());
  }

  /** Those that a RUN sees: declared and with a value, in the order of declaration. */
  Map<String, String> visible() {
    Map<String, String> visible = values();
    visible.keySet().removeAll(FOR_THE_BUILDER);
    return visible;
  }

  /** The declared ones that have a value, in the order of declaration. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    declared.forEach((name, value) -> value.ifPresent(v -> values.put(name, v)));
    return values;
  }

  /** Proxies that the user gave and no ARG declares. */
  List<String> quietProxies() {
    List<String> proxies = new ArrayList<>();
    for (String name : new TreeSet<>(given.keySet())) {
      if (PROXIES.contains(name) && !declared.containsKey(name)) {
        proxies.add(name + "=" + given.get(name));
      }
    }
    return List.copyOf(proxies);
  }

  /** Whether the name needs no ARG to be of use. */
  static boolean isPredefined(String name) {
    return PROXIES.contains(name)
        || name.startsWith("BUILDKIT_")
        || name.equals("SOURCE_DATE_EPOCH")
        || automatic(Platform.host(), "").containsKey(name);
  }

  /** Reference, "Automatic platform ARGs in the global scope". */
  static Map<String, String> automatic(Platform target, String stage) {
    Platform host = Platform.host();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("TARGETPLATFORM", target.toString());
    values.put("TARGETOS", target.os());
    values.put("TARGETOSVERSION", target.osVersion().orElse(""));
    values.put("TARGETARCH", target.architecture());
    values.put("TARGETVARIANT", target.variant().orElse(""));
    values.put("BUILDPLATFORM", host.toString());
    values.put("BUILDOS", host.os());
    values.put("BUILDOSVERSION", host.osVersion().orElse(""));
    values.put("BUILDARCH", host.architecture());
    values.put("BUILDVARIANT", host.variant().orElse(""));
    values.put("TARGETSTAGE", stage.isEmpty() ? "default" : stage);
    return values;
  }
}
