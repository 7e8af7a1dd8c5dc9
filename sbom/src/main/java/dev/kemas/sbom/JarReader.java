package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java's packages: each {@code pom.properties} that Maven puts into a jar, also those that were
 * copied into another one, else what the manifest says; and the jars within jars.
 */
final class JarReader implements RootView.Visitor {
  private static final Pattern ARCHIVE = Pattern.compile(".*\\.(jar|war|ear|hpi|jpi)");
  private static final Pattern POM = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
  private static final Pattern FILE = Pattern.compile("(.+?)-(\\d[A-Za-z0-9.+_-]*)\\.[a-z]+");
  private static final Pattern COORDINATE = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final int MOST_ENTRIES = 20_000;
  private static final int LONGEST_POM = 1 << 16;
  private static final int PIECE = 1 << 18;

  private final RootView view;
  private final ScanLimits limits;
  private final Findings findings;
  private long work;

  JarReader(RootView view, ScanLimits limits, Findings findings) {
    this.view = view;
    this.limits = limits;
    this.findings = findings;
  }

  /** What Maven names a thing by; the group is empty where nobody says it. */
  private record Coordinates(String group, String artifact, String version) {}

  @Override
  public void file(Directory directory, String name, String path) {
    if (isArchive(name)) {
      Optional<OpenFile> file = view.open(directory, name, path, limits.archive());
      if (file.isPresent()) {
        try (OpenFile open = file.get()) {
          archive(Bytes.of(open), Text.shown(path), 0);
        }
      }
    }
  }

  private static boolean isArchive(String name) {
    return ARCHIVE.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private void archive(Bytes bytes, String path, int depth) {
    if (!affords(bytes.size(), path)) {
      return;
    }
    try {
      ZipEntries zip = new ZipEntries(bytes);
      List<ZipEntries.Entry> entries =
          zip.find(
              name -> name.equals(MANIFEST) || isArchive(name) || POM.matcher(name).matches(),
              MOST_ENTRIES);
      packages(zip, entries, bytes, path);
      for (ZipEntries.Entry entry : entries) {
        if (isArchive(entry.name())) {
          nested(zip, entry, path + "!/" + Text.shown(entry.name()), depth + 1);
        }
      }
    } catch (Fault.InvalidArgument e) {
      findings.remark(path, e.getMessage());
    }
  }

  private void nested(ZipEntries zip, ZipEntries.Entry entry, String path, int depth) {
    if (depth > limits.nesting()) {
      findings.remark(path, "a jar within more than " + limits.nesting() + " others is not read");
      return;
    }
    if (!affords(entry.stored() ? 0 : entry.size(), path)) {
      return;
    }
    try {
      Bytes inner =
          entry.stored() ? zip.packed(entry) : Bytes.of(zip.content(entry, limits.inArchive()));
      archive(inner, path, depth);
    } catch (Fault.InvalidArgument e) {
      findings.remark(path, e.getMessage());
    }
  }

  private boolean affords(long bytes, String path) {
    // an archive costs something, however small it is
    work += Math.max(PIECE, bytes);
    boolean affords = work <= limits.work();
    if (!affords) {
      findings.remark(path, "is not read: jars of " + limits.work() + " bytes were read before");
    }
    return affords;
  }

  private void packages(ZipEntries zip, List<ZipEntries.Entry> entries, Bytes bytes, String path) {
    Map<String, List<String>> manifest = Map.of();
    List<Coordinates> named = new ArrayList<>();
    for (ZipEntries.Entry entry : entries) {
      if (entry.name().equals(MANIFEST)) {
        manifest = manifest(Text.of(zip.content(entry, limits.document())));
      } else if (POM.matcher(entry.name()).matches()) {
        pom(Text.of(zip.content(entry, LONGEST_POM)), path + "!/" + entry.name())
            .ifPresent(named::add);
      }
    }
    String file = path.substring(path.lastIndexOf('/') + 1);
    Optional<Coordinates> own = named.stream().filter(c -> isOf(c, file)).findFirst();
    if (own.isEmpty()) {
      own = named.size() == 1 ? Optional.of(named.getFirst()) : fallback(manifest, file);
    }
    List<Checksum> checksums = own.isEmpty() ? List.of() : checksums(bytes);
    String licence = Text.first(manifest, "bundle-license").split("[;,]", 2)[0].strip();
    List<String> licences = licence.isEmpty() ? List.of() : List.of(licence);
    own.ifPresent(c -> findings.add(component(c, licences, path, checksums)));
    for (Coordinates other : named) {
      if (own.isEmpty() || !other.equals(own.get())) {
        findings.add(component(other, List.of(), path, List.of()));
      }
    }
  }

  /** The manifest's main section; a line that begins with a blank goes on where the last ended. */
  private static Map<String, List<String>> manifest(String text) {
    List<Map<String, List<String>>> sections =
        Text.headers(text.replace("\r\n", "\n").replace("\n ", ""), true);
    return sections.isEmpty() ? Map.of() : sections.getFirst();
  }

  private Optional<Coordinates> pom(String text, String place) {
    Map<String, String> values = new java.util.HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && line.indexOf('=') > 0)
        .forEach(line -> {
          int at = line.indexOf('=');
          values.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
        });
    Coordinates found =
        new Coordinates(
            values.getOrDefault("groupId", ""),
            values.getOrDefault("artifactId", ""),
            values.getOrDefault("version", ""));
    boolean sound =
        COORDINATE.matcher(found.group()).matches()
            && COORDINATE.matcher(found.artifact()).matches();
    if (!sound) {
      findings.remark(place, "names no group and artifact");
    }
    return sound ? Optional.of(found) : Optional.empty();
  }

  private static boolean isOf(Coordinates c, String file) {
    return file.startsWith(c.artifact() + "-" + c.version())
        || file.substring(0, Math.max(0, file.lastIndexOf('.'))).equals(c.artifact());
  }

  /** A jar that Maven did not make: its manifest, and where that is silent the file's name. */
  private static Optional<Coordinates> fallback(Map<String, List<String>> manifest, String file) {
    Matcher named = FILE.matcher(file);
    boolean matches = named.matches();
    String stem = file.substring(0, Math.max(0, file.lastIndexOf('.')));
    String bundle = Text.first(manifest, "bundle-symbolicname").split(";", 2)[0].strip();
    String artifact = matches ? named.group(1) : stem.isEmpty() ? bundle : stem;
    String version =
        firstOf(
            matches ? named.group(2) : "",
            Text.first(manifest, "implementation-version"),
            Text.first(manifest, "bundle-version"),
            Text.first(manifest, "specification-version"));
    String group = Text.first(manifest, "implementation-vendor-id");
    return artifact.isEmpty() || version.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Coordinates(COORDINATE.matcher(group).matches() ? group : "", artifact, version));
  }

  private static String firstOf(String... texts) {
    for (String text : texts) {
      if (!text.isBlank()) {
        return text.strip();
      }
    }
    return "";
  }

  private static Component component(
      Coordinates c, List<String> licences, String path, List<Checksum> checksums) {
    boolean grouped = !c.group().isEmpty();
    // Maven's package URLs must have a group: what has none is not said to be Maven's
    return new Component(
        Ecosystem.MAVEN,
        grouped ? c.group() + ":" + c.artifact() : c.artifact(),
        c.version(),
        PackageUrl.of(
            grouped ? "maven" : "generic", c.group(), c.artifact(), c.version(), Map.of()),
        licences,
        List.of(path),
        checksums);
  }

  /** SHA-1 is what Maven's repositories are asked by. */
  private static List<Checksum> checksums(Bytes bytes) {
    MessageDigest sha1 = hasher(Checksum.Algorithm.SHA1);
    MessageDigest sha256 = hasher(Checksum.Algorithm.SHA256);
    for (long at = 0; at < bytes.size(); ) {
      byte[] piece = bytes.read(at, (int) Math.min(PIECE, bytes.size() - at));
      sha1.update(piece);
      sha256.update(piece);
      at += piece.length;
    }
    return List.of(
        Checksum.of(Checksum.Algorithm.SHA1, sha1.digest()),
        Checksum.of(Checksum.Algorithm.SHA256, sha256.digest()));
  }

  private static MessageDigest hasher(Checksum.Algorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.cycloneDx());
    } catch (NoSuchAlgorithmException e) {
      throw new Fault.Internal("this Java runtime lacks " + algorithm, e);
    }
  }
}
