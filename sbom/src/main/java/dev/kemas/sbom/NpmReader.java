package dev.kemas.sbom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * npm's packages: {@code package.json} of each folder in a {@code node_modules}, and what their
 * archives hash to from the lock file that npm keeps there.
 */
final class NpmReader implements RootView.Visitor {
  private static final Pattern PACKAGE =
      Pattern.compile(".*/node_modules/((?:@[^/]+/)?[^/@][^/]*)/package\\.json");
  private static final String LOCK = ".package-lock.json";
  private static final int MOST_LOCKED = 1 << 18;

  private final RootView view;
  private final ScanLimits limits;
  private final Findings findings;
  private final Map<String, String> integrities = new HashMap<>();

  NpmReader(RootView view, ScanLimits limits, Findings findings) {
    this.view = view;
    this.limits = limits;
    this.findings = findings;
  }

  @Override
  public void file(Directory directory, String name, String path) {
    boolean lock = name.equals(LOCK) && path.endsWith("/node_modules/" + LOCK);
    Matcher found = PACKAGE.matcher(name.equals("package.json") ? path : "");
    if (!lock && !found.matches()) {
      return;
    }
    // a large project's lock file is of several megabytes
    view.read(directory, name, path, lock ? limits.listing() : limits.document())
        .ifPresent(bytes -> {
          try {
            JsonNode document = Json.read(bytes, JsonNode.class, path);
            if (lock) {
              lock(document, path);
            } else {
              add(document, found.group(1), path);
            }
          } catch (Fault.InvalidArgument e) {
            findings.remark(path, e.getMessage());
          }
        });
  }

  /** Names sort behind the dot: what is locked is known before the first package is seen. */
  private void lock(JsonNode document, String path) {
    String above = path.substring(0, path.length() - ("node_modules/" + LOCK).length());
    for (Map.Entry<String, JsonNode> one : document.path("packages").properties()) {
      if (one.getValue().path("integrity").isTextual() && integrities.size() < MOST_LOCKED) {
        integrities.put(
            above + one.getKey() + "/package.json", one.getValue().path("integrity").textValue());
      }
    }
  }

  private void add(JsonNode document, String folder, String path) {
    String name = document.path("name").asText("");
    String version = document.path("version").asText("");
    if (name.isEmpty() && version.isEmpty()) {
      return; // only marks the kind of its modules
    }
    String full = name.isEmpty() ? folder : name;
    int slash = full.startsWith("@") ? full.indexOf('/') : -1;
    String scope = slash < 0 ? "" : full.substring(0, slash);
    findings.add(
        new Component(
            Ecosystem.NPM,
            full,
            version,
            PackageUrl.of("npm", scope, full.substring(slash + 1), version, Map.of()),
            licences(document),
            List.of(Text.shown(path)),
            checksums(
                integrities.getOrDefault(path, document.path("_integrity").asText("")), path)));
  }

  /** A text; in old packages an object, or a list of them. */
  private static List<String> licences(JsonNode document) {
    List<String> found = new ArrayList<>();
    JsonNode one = document.path("license");
    if (one.isTextual()) {
      found.add(one.textValue());
    } else if (one.path("type").isTextual()) {
      found.add(one.path("type").textValue());
    }
    for (JsonNode old : document.path("licenses")) {
      if (old.path("type").isTextual()) {
        found.add(old.path("type").textValue());
      }
    }
    found.removeIf(String::isBlank);
    return found;
  }

  /** Subresource integrity (W3C): {@code sha512-base64}, several with blanks between. */
  private List<Checksum> checksums(String integrity, String path) {
    List<Checksum> found = new ArrayList<>();
    for (String one : integrity.strip().split("\\s+", -1)) {
      int dash = one.indexOf('-');
      String hash = one.substring(dash + 1);
      switch (dash < 0 ? "" : one.substring(0, dash)) {
        case "sha1" -> found.addAll(findings.base64(Checksum.Algorithm.SHA1, hash, path));
        case "sha256" -> found.addAll(findings.base64(Checksum.Algorithm.SHA256, hash, path));
        case "sha512" -> found.addAll(findings.base64(Checksum.Algorithm.SHA512, hash, path));
        default -> {}
      }
    }
    return found;
  }
}
