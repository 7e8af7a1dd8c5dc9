package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which package sources make a suite.
 *
 * @param suite such as {@code bookworm}
 * @param sources for the tool, as the host has them
 */
record MirrorPlan(String suite, List<AptSource> sources) {
  private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

  public MirrorPlan {
    sources = List.copyOf(sources);
  }

  /**
   * Chooses among the host's entries those of its own distribution, and turns them to the suite.
   *
   * @param hostSuite the host's own, VERSION_CODENAME of os-release
   * @throws Fault.Unsupported when the host has no entry that serves
   */
  static MirrorPlan of(
      List<AptSource> host, String hostSuite, String suite, Optional<String> mirror) {
    if (mirror.isPresent()) {
      AptSource one =
          new AptSource(
              List.of(mirror.get()),
              List.of(suite),
              List.of("main"),
              Optional.of(KEYRING),
              false,
              "--mirror");
      return new MirrorPlan(suite, List.of(one));
    }
    List<AptSource> chosen = new ArrayList<>();
    for (AptSource source : host) {
      if (source.components().contains("main") && !isLocal(source)) {
        List<String> suites = turned(source.suites(), hostSuite, suite);
        if (!suites.isEmpty()) {
          chosen.add(
              source.withSuites(suites).withSignedBy(source.signedBy().or(MirrorPlan::keyring)));
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new Fault.Unsupported(
          "this host's package sources (/etc/apt/sources.list, /etc/apt/sources.list.d) have no"
              + " entry that serves "
              + suite
              + ": name a mirror with --mirror");
    }
    return new MirrorPlan(suite, chosen);
  }

  private static Optional<String> keyring() {
    return java.nio.file.Files.isReadable(java.nio.file.Path.of(KEYRING))
        ? Optional.of(KEYRING)
        : Optional.empty();
  }

  private static boolean isLocal(AptSource source) {
    return source.uris().stream().anyMatch(u -> u.startsWith("cdrom:"));
  }

  /** The suite itself with its updates and security fixes, as the host has them of its own. */
  private static List<String> turned(List<String> suites, String hostSuite, String suite) {
    Set<String> turned = new LinkedHashSet<>();
    for (String one : suites) {
      for (String ending : List.of("", "-updates", "-security", "/updates")) {
        if (one.equals(hostSuite + ending) || one.equals(suite + ending)) {
          turned.add(suite + ending);
        }
      }
    }
    return List.copyOf(turned);
  }

  /** What the tool reads. */
  String text() {
    StringBuilder text = new StringBuilder();
    sources.forEach(s -> text.append(s.stanza()));
    return text.toString();
  }

  /** What goes into the image: no credentials, keys by the path they have inside. */
  String imageText() {
    StringBuilder text = new StringBuilder();
    sources.forEach(s ->
        text.append(
            s.withoutCredentials()
                .withSignedBy(s.signedBy().filter(k -> !k.contains("\n")).map(k -> KEYRING))
                .stanza()));
    return text.toString();
  }

  /** Where it comes from, for an error. */
  String shown() {
    return sources.stream()
        .map(s ->
            s.origin()
                + " ("
                + String.join(" ", s.withoutCredentials().uris())
                + " "
                + String.join(" ", s.suites())
                + ")")
        .reduce((a, b) -> a + ", " + b)
        .orElse("none");
  }

  /**
   * The fault for a tool that failed on these sources.
   *
   * @param what was to be made
   * @param complaints of the tool
   */
  Fault failed(String what, List<String> complaints) {
    return new Fault.Unavailable(
        "cannot make "
            + what
            + " from the package source "
            + shown()
            + ": "
            + String.join("; ", complaints)
            + ". Look whether this host reaches it ('apt-get update'), whether it has that suite,"
            + " or name another with --mirror");
  }

  /** Whether packages come over TLS, so that an image needs certificates for its own apt. */
  boolean overTls() {
    return sources.stream().flatMap(s -> s.uris().stream()).anyMatch(u -> u.startsWith("https:"));
  }
}
