package dev.kemas.sbom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Conda's packages: a file each in an environment's folder {@code conda-meta}. */
final class CondaReader implements RootView.Visitor {
  private final RootView view;
  private final ScanLimits limits;
  private final Findings findings;

  CondaReader(RootView view, ScanLimits limits, Findings findings) {
    this.view = view;
    this.limits = limits;
    this.findings = findings;
  }

  @Override
  public void file(Directory directory, String name, String path) {
    if (name.endsWith(".json") && path.endsWith("/conda-meta/" + name)) {
      // a package with very many files lists them all here
      view.read(directory, name, path, 8 * limits.document())
          .ifPresent(bytes -> {
            try {
              add(Json.read(bytes, JsonNode.class, path), path);
            } catch (Fault.InvalidArgument e) {
              findings.remark(path, e.getMessage());
            }
          });
    }
  }

  private void add(JsonNode record, String path) {
    String name = record.path("name").asText("");
    String version = record.path("version").asText("");
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("build", record.path("build").asText(""));
    qualifiers.put("channel", channel(record));
    qualifiers.put("subdir", record.path("subdir").asText(""));
    List<Checksum> checksums =
        new ArrayList<>(
            findings.checksum(Checksum.Algorithm.SHA256, record.path("sha256").asText(""), path));
    checksums.addAll(
        findings.checksum(Checksum.Algorithm.MD5, record.path("md5").asText(""), path));
    String licence = record.path("license").asText("");
    findings.add(
        new Component(
            Ecosystem.CONDA,
            name,
            version,
            PackageUrl.of("conda", "", name, version, qualifiers),
            licence.isEmpty() ? List.of() : List.of(licence),
            List.of(Text.shown(path)),
            checksums));
  }

  /** Its name alone: the address may hold somebody's token. */
  private static String channel(JsonNode record) {
    String address = record.path("channel").asText("");
    String suffix = "/" + record.path("subdir").asText("");
    String whole =
        address.endsWith(suffix)
            ? address.substring(0, address.length() - suffix.length())
            : address;
    return whole.substring(whole.lastIndexOf('/') + 1);
  }
}
