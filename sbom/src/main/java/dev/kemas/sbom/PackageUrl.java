package dev.kemas.sbom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Package URLs in their canonical form (purl-spec, "A purl is a URL" and "Character encoding"). */
public final class PackageUrl {
  private static final String PLAIN = "-._~:";

  private PackageUrl() {}

  /**
   * Writes a package URL.
   *
   * @param namespace parts between slashes; empty for none
   * @param version empty for none
   * @param qualifiers those with an empty value are left out
   */
  public static String of(
      String type, String namespace, String name, String version, Map<String, String> qualifiers) {
    StringBuilder url = new StringBuilder("pkg:").append(type).append('/');
    if (!namespace.isEmpty()) {
      url.append(
              Arrays.stream(namespace.split("/", -1))
                  .filter(s -> !s.isEmpty())
                  .map(PackageUrl::encode)
                  .collect(Collectors.joining("/")))
          .append('/');
    }
    url.append(encode(name));
    if (!version.isEmpty()) {
      url.append('@').append(encode(version));
    }
    Map<String, String> kept = new TreeMap<>(qualifiers);
    kept.values().removeIf(String::isEmpty);
    if (!kept.isEmpty()) {
      url.append('?')
          .append(
              kept.entrySet().stream()
                  .map(e -> e.getKey() + "=" + encode(e.getValue()))
                  .collect(Collectors.joining("&")));
    }
    return url.toString();
  }

  private static String encode(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || PLAIN.indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(String.format("%02X", (int) c));
      }
    }
    return out.toString();
  }
}
