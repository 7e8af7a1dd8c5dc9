package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import dev.kemas.linux.RootDir;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for packages in a file system: what dpkg, apk and rpm have recorded as installed, and the
 * Python, conda, npm and Maven packages that lie in it. Reads, never runs or writes anything there.
 * The same files give the same inventory. Thread-safe.
 */
public final class PackageScan {
  private final ScanLimits limits;
  private final Path scratch;

  /**
   * A scan within limits.
   *
   * @param scratch an existing folder of ours for what must be copied to be read; left empty
   */
  public PackageScan(ScanLimits limits, Path scratch) {
    this.limits = limits;
    this.scratch = scratch;
  }

  /**
   * What a file system holds. What is damaged or too large is remarked, and the rest is found.
   *
   * @param root where it is mounted or lies; its content may be hostile
   * @throws Fault.NotFound when there is no such folder
   */
  public Inventory scan(Path root) {
    Findings findings = new Findings(limits);
    try (RootView view = new RootView(RootDir.open(root), limits, findings)) {
      Optional<Inventory.Distribution> distribution = distribution(view);
      new DpkgReader(view, limits, distribution, findings).read();
      new ApkReader(view, limits, distribution, findings).read();
      new RpmReader(view, limits, distribution, findings, scratch).read();
      PythonReader python = new PythonReader(view, limits, findings);
      CondaReader conda = new CondaReader(view, limits, findings);
      NpmReader npm = new NpmReader(view, limits, findings);
      JarReader jars = new JarReader(view, limits, findings);
      List<RootView.Visitor> readers = List.of(python, conda, npm, jars);
      view.walk(
          (directory, name, path) -> readers.forEach(reader -> reader.file(directory, name, path)));
      return new Inventory(distribution, findings.components(), findings.remarks());
    }
  }

  private Optional<Inventory.Distribution> distribution(RootView view) {
    for (String path : List.of("etc/os-release", "usr/lib/os-release")) {
      if (view.isFile(path)) {
        return view.read(path, limits.document()).flatMap(b -> distribution(Text.of(b)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Inventory.Distribution> distribution(String osRelease) {
    Map<String, String> values = new java.util.HashMap<>();
    osRelease
        .lines()
        .filter(line -> line.indexOf('=') > 0 && !line.startsWith("#"))
        .forEach(line -> {
          int at = line.indexOf('=');
          values.put(line.substring(0, at).strip(), unquoted(line.substring(at + 1).strip()));
        });
    String id = values.getOrDefault("ID", "");
    String version = values.getOrDefault("VERSION_ID", "");
    String title = values.getOrDefault("PRETTY_NAME", (id + " " + version).strip());
    return id.isEmpty()
        ? Optional.empty()
        : Optional.of(new Inventory.Distribution(id, version, title));
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
