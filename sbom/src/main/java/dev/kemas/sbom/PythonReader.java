package dev.kemas.sbom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Python's packages: {@code *.dist-info/METADATA} and its neighbours RECORD and direct_url.json
 * (packaging.python.org, "Recording installed projects"), and the older {@code *.egg-info}.
 */
final class PythonReader implements RootView.Visitor {
  private static final String OSI = "License :: OSI Approved :: ";
  private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");

  private final RootView view;
  private final ScanLimits limits;
  private final Findings findings;

  PythonReader(RootView view, ScanLimits limits, Findings findings) {
    this.view = view;
    this.limits = limits;
    this.findings = findings;
  }

  @Override
  public void file(Directory directory, String name, String path) {
    boolean wheel = name.equals("METADATA") && path.endsWith(".dist-info/METADATA");
    boolean egg =
        name.endsWith(".egg-info")
            || (name.equals("PKG-INFO")
                && (path.endsWith(".egg-info/PKG-INFO") || path.endsWith("/EGG-INFO/PKG-INFO")));
    if (wheel || egg) {
      view.read(directory, name, path, limits.document())
          .ifPresent(metadata -> {
            if (wheel) {
              compare(directory, metadata, path);
            }
            add(metadata, path, wheel ? archive(directory, path) : List.of());
          });
    }
  }

  private void add(byte[] metadata, String path, List<Checksum> checksums) {
    List<Map<String, List<String>>> blocks = Text.headers(Text.of(metadata), true);
    if (blocks.isEmpty()) {
      findings.remark(path, "has no fields");
      return;
    }
    Map<String, List<String>> fields = blocks.getFirst();
    String name = Text.first(fields, "name");
    String version = Text.first(fields, "version");
    findings.add(
        new Component(
            Ecosystem.PYPI,
            name,
            version,
            PackageUrl.of("pypi", "", normal(name), version, Map.of()),
            licences(fields),
            List.of(Text.shown(path)),
            checksums));
  }

  /** One name for all spellings (packaging.python.org, "Names and normalization"). */
  static String normal(String name) {
    return SEPARATORS.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  /** The expression where there is one, else the classifiers, else a field that is not an essay. */
  private static List<String> licences(Map<String, List<String>> fields) {
    String expression = Text.first(fields, "license-expression");
    if (!expression.isEmpty()) {
      return List.of(expression);
    }
    List<String> classified =
        fields.getOrDefault("classifier", List.of()).stream()
            .filter(c -> c.startsWith(OSI))
            .map(c -> c.substring(OSI.length()))
            .toList();
    if (!classified.isEmpty()) {
      return classified;
    }
    String text = Text.first(fields, "license");
    return text.isEmpty() || text.equals("UNKNOWN") || text.length() > 100 || text.contains("\n")
        ? List.of()
        : List.of(text);
  }

  /** A description that is not the installed one is told: RECORD says what it was. */
  private void compare(Directory directory, byte[] metadata, String path) {
    String folder = path.substring(0, path.length() - "METADATA".length());
    Optional<byte[]> record = view.read(directory, "RECORD", folder + "RECORD", limits.document());
    if (record.isEmpty()) {
      return; // a distribution's own package has none
    }
    String name = folder.substring(folder.lastIndexOf('/', folder.length() - 2) + 1) + "METADATA";
    String sum =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Digest.sha256Hasher().digest(metadata));
    Text.of(record.get())
        .lines()
        .filter(line -> line.startsWith(name + ",sha256="))
        .findFirst()
        .map(line -> line.substring(name.length() + ",sha256=".length()).split(",", -1)[0])
        .filter(recorded -> !recorded.equals(sum))
        .ifPresent(recorded -> findings.remark(path, "is not the file that RECORD tells of"));
  }

  /** What an archive that was named by its address hashed to (PEP 610). */
  private List<Checksum> archive(Directory directory, String path) {
    String place = path.substring(0, path.length() - "METADATA".length()) + "direct_url.json";
    Optional<byte[]> file = view.read(directory, "direct_url.json", place, limits.document());
    if (file.isEmpty()) {
      return List.of();
    }
    try {
      JsonNode hashes =
          Json.read(file.get(), JsonNode.class, place).path("archive_info").path("hashes");
      return findings.checksum(Checksum.Algorithm.SHA256, hashes.path("sha256").asText(""), place);
    } catch (Fault.InvalidArgument e) {
      findings.remark(place, e.getMessage());
      return List.of();
    }
  }
}
