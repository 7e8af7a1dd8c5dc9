package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a scan has found so far. Used by one thread. */
final class Findings {
  private static final int LONGEST = 512;
  private static final int MOST_PLACES = 1000;
  private static final int MOST_REMARKS = 10_000;

  private final ScanLimits limits;
  private final Map<String, Component> byPurl = new TreeMap<>();
  private final List<Inventory.Remark> remarks = new ArrayList<>();

  Findings(ScanLimits limits) {
    this.limits = limits;
  }

  /** Keeps a component; one without a name, or with a name that is none, is remarked. */
  void add(Component found) {
    String where = found.locations().isEmpty() ? "/" : found.locations().getFirst();
    if (found.name().isBlank() || found.version().isBlank()) {
      remark(where, "a package without a name or a version");
    } else if (found.name().length() > LONGEST || found.version().length() > LONGEST) {
      remark(where, "a package whose name or version is longer than " + LONGEST + " characters");
    } else if (byPurl.size() >= limits.components() && !byPurl.containsKey(found.purl())) {
      remark("/", "more than " + limits.components() + " packages: the rest is left out");
    } else {
      byPurl.merge(
          found.purl(), found, (a, b) -> a.locations().size() < MOST_PLACES ? a.and(b) : a);
    }
  }

  /** A checksum as an ecosystem wrote it; one that is none is remarked, and the package stays. */
  List<Checksum> checksum(Checksum.Algorithm algorithm, String hex, String place) {
    if (hex.isEmpty()) {
      return List.of();
    }
    try {
      return List.of(new Checksum(algorithm, hex));
    } catch (Fault.InvalidArgument e) {
      remark(place, e.getMessage());
      return List.of();
    }
  }

  /** As {@link #checksum}, from base64. */
  List<Checksum> base64(Checksum.Algorithm algorithm, String text, String place) {
    try {
      return checksum(algorithm, HexFormat.of().formatHex(Base64.getDecoder().decode(text)), place);
    } catch (IllegalArgumentException e) {
      remark(place, "the checksum \"" + text + "\" is not base64");
      return List.of();
    }
  }

  void remark(String place, String text) {
    Inventory.Remark remark = new Inventory.Remark(Text.shown(place), Text.shown(text));
    if (remarks.size() < MOST_REMARKS) {
      remarks.add(remark);
    } else if (remarks.size() == MOST_REMARKS) {
      remarks.add(new Inventory.Remark("/", "more than " + MOST_REMARKS + " remarks"));
    }
  }

  List<Component> components() {
    return List.copyOf(byPurl.values());
  }

  List<Inventory.Remark> remarks() {
    return List.copyOf(remarks);
  }
}
