package dev.kemas.sbom;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What apk has installed: the file {@code installed} of its database, one letter a field (Alpine,
 * "Apk spec", "Installed Database V2").
 */
final class ApkReader {
  private static final List<String> DATABASES =
      List.of("lib/apk/db/installed", "usr/lib/apk/db/installed");

  private final RootView view;
  private final ScanLimits limits;
  private final Optional<Inventory.Distribution> distribution;
  private final Findings findings;

  ApkReader(
      RootView view,
      ScanLimits limits,
      Optional<Inventory.Distribution> distribution,
      Findings findings) {
    this.view = view;
    this.limits = limits;
    this.distribution = distribution;
    this.findings = findings;
  }

  void read() {
    // where /lib is a link to usr/lib both are the same file
    DATABASES.stream()
        .filter(view::isFile)
        .findFirst()
        .ifPresent(path ->
            view.read(path, limits.listing()).ifPresent(b -> packages(Text.of(b), "/" + path)));
  }

  private void packages(String text, String location) {
    Map<Character, String> block = new HashMap<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.isEmpty()) {
        add(block, location);
        block.clear();
      } else if (line.length() > 1 && line.charAt(1) == ':') {
        // the first counts: the letters of a package come before those of its files
        block.putIfAbsent(line.charAt(0), line.substring(2).strip());
      }
    }
    add(block, location);
  }

  private void add(Map<Character, String> block, String location) {
    if (block.isEmpty()) {
      return;
    }
    String name = block.getOrDefault('P', "");
    String version = block.getOrDefault('V', "");
    String origin = block.getOrDefault('o', "");
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("arch", block.getOrDefault('A', ""));
    qualifiers.put("distro", distribution.map(Inventory.Distribution::qualifier).orElse(""));
    qualifiers.put("upstream", origin.equals(name) ? "" : origin);
    String vendor = distribution.map(Inventory.Distribution::id).orElse("alpine");
    String licence = block.getOrDefault('L', "");
    findings.add(
        new Component(
            Ecosystem.APK,
            name,
            version,
            PackageUrl.of("apk", vendor, name, version, qualifiers),
            licence.isEmpty() ? List.of() : List.of(licence),
            List.of(location),
            checksum(block.getOrDefault('C', ""), location)));
  }

  /** {@code Q1} and the base64 of a SHA-1, {@code Q2} and that of a SHA-256. */
  private List<Checksum> checksum(String text, String location) {
    if (text.startsWith("Q1")) {
      return findings.base64(Checksum.Algorithm.SHA1, text.substring(2), location);
    }
    return text.startsWith("Q2")
        ? findings.base64(Checksum.Algorithm.SHA256, text.substring(2), location)
        : List.of();
  }
}
