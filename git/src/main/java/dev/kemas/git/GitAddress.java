package dev.kemas.git;

import dev.kemas.fault.Fault;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which repository, and what of it (Dockerfile reference, "ADD: Adding files from a Git
 * repository"; Docker's "Build context: Git repositories"): {@code
 * https://host/path.git#ref:subdir}, {@code git@host:path.git}, {@code
 * ssh://git@host/path.git?tag=v1&subdir=src}.
 *
 * @param remote where it is, without user information other than ssh's user
 * @param scheme {@code https}, {@code http}, {@code ssh}, {@code git} or {@code file}
 * @param host its name or address; empty for a file
 * @param port 0 for the scheme's own
 * @param userInfo {@code name:password} that an http address carried; not part of {@link #remote}
 * @param ref branch, tag, full name of a reference or commit; empty for what the remote's HEAD says
 * @param subdirectory relative, without dots; empty for the whole
 * @param options what the query said
 */
public record GitAddress(
    String remote,
    String scheme,
    String host,
    int port,
    Optional<String> userInfo,
    Ref ref,
    String subdirectory,
    Options options) {
  private static final Pattern SCP = Pattern.compile("([A-Za-z0-9._-]+)@([A-Za-z0-9._-]+):(.+)");
  private static final Pattern URL =
      Pattern.compile(
          "(https?|ssh|git|file)://(?:([^/@?#]*)@)?(\\[[0-9A-Fa-f:.]+\\]|[^/:@?#\\[\\]]*)"
              + "(?::([0-9]{1,5}))?(/[^?#]*)?");
  private static final Pattern BAD_REF =
      Pattern.compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//|\\.lock$|/$|^/|\\.$|^-");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*)|\\[.*\\]");
  static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  /** What of the history is meant. */
  public enum Kind {
    /** What HEAD says. */
    HEAD,
    /** A branch, a tag, a full name, or a commit: what fits. */
    ANY,
    BRANCH,
    TAG
  }

  /**
   * A name in the repository.
   *
   * @param name empty for {@link Kind#HEAD}
   */
  public record Ref(Kind kind, String name) {
    static final Ref HEAD = new Ref(Kind.HEAD, "");

    /** Whether it is a commit's full name. */
    public boolean isCommit() {
      return kind == Kind.ANY && COMMIT.matcher(name).matches();
    }
  }

  /**
   * What the query said.
   *
   * @param checksum a commit or the beginning of one, which the reference must lead to
   * @param keepGitDirectory whether {@code .git} is laid down, too
   * @param submodules whether submodules are
   */
  public record Options(
      Optional<String> checksum, Optional<Boolean> keepGitDirectory, Optional<Boolean> submodules) {
    static final Options NONE = new Options(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Reads an address when it is one of a repository; a path or another address is none.
   *
   * @throws Fault.InvalidArgument when it is one and is malformed
   */
  public static Optional<GitAddress> find(String text) {
    String place = text.replaceFirst("[?#].*", "");
    String lower = place.toLowerCase(Locale.ROOT);
    boolean own =
        lower.startsWith("git://")
            || lower.startsWith("ssh://")
            || (SCP.matcher(place).matches() && !lower.contains("://"));
    boolean web = lower.startsWith("http://") || lower.startsWith("https://");
    return own || (web && lower.endsWith(".git")) ? Optional.of(parse(text)) : Optional.empty();
  }

  /** As {@link #find}, and {@code github.com/name/repository} too, as for a build's context. */
  public static Optional<GitAddress> findContext(String text) {
    return text.startsWith("github.com/") ? Optional.of(parse("https://" + text)) : find(text);
  }

  /**
   * Reads the address of a repository.
   *
   * @throws Fault.InvalidArgument with what is wrong
   */
  public static GitAddress parse(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw invalid(text.replaceAll("\\p{Cntrl}", "?"), "it has control characters");
    }
    int hash = text.indexOf('#');
    String fragment = hash < 0 ? "" : text.substring(hash + 1);
    String before = hash < 0 ? text : text.substring(0, hash);
    int question = before.indexOf('?');
    GitQuery query = GitQuery.parse(question < 0 ? "" : before.substring(question + 1), text);
    String place = question < 0 ? before : before.substring(0, question);
    int colon = fragment.indexOf(':');
    String fragmentRef = colon < 0 ? fragment : fragment.substring(0, colon);
    String fragmentDirectory = colon < 0 ? "" : fragment.substring(colon + 1);
    if (!fragment.isEmpty() && query.names()) {
      throw invalid(text, "it names what is wanted both after ? and after #: use one of them");
    }
    Ref ref = fragmentRef.isEmpty() ? query.ref() : new Ref(Kind.ANY, fragmentRef);
    String directory = fragmentDirectory.isEmpty() ? query.subdirectory() : fragmentDirectory;
    return place(text, place, checked(ref, text), subdirectory(directory, text), query.options());
  }

  private static GitAddress place(
      String text, String place, Ref ref, String subdirectory, Options options) {
    Matcher scp = SCP.matcher(place);
    if (!place.contains("://") && scp.matches()) {
      String host = host(scp.group(2), text);
      if (scp.group(1).startsWith("-") || scp.group(3).startsWith("-")) {
        throw invalid(text, "a part of it begins with a dash");
      }
      return new GitAddress(place, "ssh", host, 0, Optional.empty(), ref, subdirectory, options);
    }
    Matcher url = URL.matcher(place);
    if (!url.matches()) {
      throw invalid(
          text, "it is neither https://, ssh://, git:// nor user@host:path, or is malformed");
    }
    String scheme = url.group(1);
    String path = Optional.ofNullable(url.group(5)).orElse("");
    if (path.length() < 2 || path.startsWith("/-")) {
      throw invalid(text, "it has no path to a repository");
    }
    boolean file = scheme.equals("file");
    String host = file ? "" : host(url.group(3), text);
    int port = Optional.ofNullable(url.group(4)).map(Integer::parseInt).orElse(0);
    if (port > 65535) {
      throw invalid(text, "its port is no port");
    }
    Optional<String> user = Optional.ofNullable(url.group(2)).filter(u -> !u.isEmpty());
    boolean ssh = scheme.equals("ssh");
    if (ssh && user.filter(u -> !u.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")).isPresent()) {
      throw invalid(text, "its user is no name");
    }
    String remote =
        scheme
            + "://"
            + (ssh ? user.map(u -> u + "@").orElse("") : "")
            + host
            + (port == 0 ? "" : ":" + port)
            + path;
    return new GitAddress(
        remote, scheme, host, port, ssh ? Optional.empty() : user, ref, subdirectory, options);
  }

  private static String host(String host, String text) {
    if (!HOST.matcher(host).matches()) {
      throw invalid(text, "its host is no name");
    }
    return host.toLowerCase(Locale.ROOT);
  }

  private static Ref checked(Ref ref, String text) {
    if (ref.kind() != Kind.HEAD && BAD_REF.matcher(ref.name()).find()) {
      throw invalid(text, "\"%s\" is no name of a branch, tag or commit".formatted(ref.name()));
    }
    return ref;
  }

  private static String subdirectory(String directory, String text) {
    StringBuilder clean = new StringBuilder();
    for (String part : directory.split("/", -1)) {
      if (part.equals("..")) {
        throw invalid(text, "its folder leads out of the repository");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(part);
      }
    }
    return clean.toString();
  }

  static Fault.InvalidArgument invalid(String text, String why) {
    return new Fault.InvalidArgument(
        "invalid git address \"%s\": %s".formatted(text.replaceFirst("//[^/@]*@", "//***@"), why));
  }

  /** The same at a commit of that name, for what a repository says of another one. */
  GitAddress at(String commit) {
    return new GitAddress(
        remote,
        scheme,
        host,
        port,
        userInfo,
        new Ref(Kind.ANY, commit),
        "",
        new Options(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /** Without a password. */
  @Override
  public String toString() {
    return remote + (ref.kind() == Kind.HEAD ? "" : "#" + ref.name());
  }
}
