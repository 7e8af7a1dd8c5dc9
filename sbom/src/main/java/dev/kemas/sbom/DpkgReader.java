package dev.kemas.sbom;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What dpkg has installed: its status file, and the folder {@code status.d} of images that are made
 * without dpkg. Licences from Debian's copyright files (policy 12.5, "Machine-readable copyright").
 */
final class DpkgReader {
  private static final String STATUS = "var/lib/dpkg/status";
  private static final String FOLDER = "var/lib/dpkg/status.d";
  private static final int LONGEST_COPYRIGHT = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]*");
  private static final Pattern COMMON =
      Pattern.compile("/usr/share/common-licenses/([A-Za-z0-9][A-Za-z0-9.+-]*[A-Za-z0-9+])");

  private final RootView view;
  private final ScanLimits limits;
  private final Optional<Inventory.Distribution> distribution;
  private final Findings findings;

  DpkgReader(
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
    if (view.isFile(STATUS)) {
      view.read(STATUS, limits.listing()).ifPresent(b -> packages(Text.of(b), STATUS));
    }
    for (String name : view.names(FOLDER)) {
      if (!name.endsWith(".md5sums")) {
        String path = FOLDER + "/" + name;
        view.read(path, limits.document()).ifPresent(b -> packages(Text.of(b), path));
      }
    }
  }

  private void packages(String text, String path) {
    for (Map<String, List<String>> block : Text.headers(text, false)) {
      String status = Text.first(block, "status");
      // the third word is the state; status.d has none
      if (status.isEmpty() || status.endsWith(" installed")) {
        add(block, "/" + path);
      }
    }
  }

  private void add(Map<String, List<String>> block, String location) {
    String name = Text.first(block, "package");
    if (!NAME.matcher(name).matches()) {
      findings.remark(
          location, "a package of the name \"" + name + "\", which dpkg does not allow");
      return;
    }
    String version = Text.first(block, "version");
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("arch", Text.first(block, "architecture"));
    qualifiers.put("distro", distribution.map(Inventory.Distribution::qualifier).orElse(""));
    qualifiers.put("upstream", upstream(Text.first(block, "source"), name, version));
    String vendor = distribution.map(Inventory.Distribution::id).orElse("debian");
    findings.add(
        new Component(
            Ecosystem.DEB,
            name,
            version,
            PackageUrl.of("deb", vendor, name, version, qualifiers),
            licences(name),
            List.of(location),
            List.of()));
  }

  /** {@code Source: name (version)}; what equals the package's own is left out. */
  private static String upstream(String source, String name, String version) {
    if (source.isEmpty()) {
      return "";
    }
    int open = source.indexOf('(');
    String of = (open < 0 ? source : source.substring(0, open)).strip();
    String at = open < 0 ? "" : source.substring(open + 1).replace(")", "").strip();
    if (at.isEmpty() || at.equals(version)) {
      return of.equals(name) ? "" : of;
    }
    return of + "@" + at;
  }

  private List<String> licences(String name) {
    String path = "usr/share/doc/" + name + "/copyright";
    if (!view.isFile(path)) {
      return List.of();
    }
    return view.read(path, LONGEST_COPYRIGHT).map(b -> licencesIn(Text.of(b))).orElse(List.of());
  }

  static List<String> licencesIn(String copyright) {
    TreeSet<String> found = new TreeSet<>();
    List<Map<String, List<String>>> blocks = Text.headers(copyright, false);
    boolean machineReadable = !blocks.isEmpty() && blocks.getFirst().containsKey("format");
    if (machineReadable) {
      for (Map<String, List<String>> block : blocks) {
        block.getOrDefault("license", List.of()).stream()
            .map(v -> v.lines().findFirst().orElse("").strip())
            .filter(v -> !v.isEmpty() && v.length() < 200)
            .forEach(found::add);
      }
    } else {
      Matcher common = COMMON.matcher(copyright);
      while (common.find()) {
        found.add(common.group(1));
      }
    }
    return new ArrayList<>(found);
  }
}
