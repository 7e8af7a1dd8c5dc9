package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of something in a git repository, for ADD or as a build's context: {@code
 * https://host/path.git}, {@code git://}, {@code ssh://} or {@code user@host:path}, with {@code
 * #ref:subdir} or {@code ?ref=…&subdir=…} behind it (Dockerfile reference, "ADD a Git repository";
 * Docker's "Git repositories" as build contexts).
 *
 * @param remote what git itself is told
 * @param ref a branch, a tag, a commit or a full {@code refs/…}; empty for the default branch
 * @param subdir the folder that is taken; empty for all
 * @param checksum the commit, or its beginning, that the ref must be
 * @param keepGitDir whether {@code .git} stays; empty when the address does not say
 * @param submodules whether they are fetched; empty when the address does not say
 */
public record GitAddress(
    String remote,
    Optional<String> ref,
    String subdir,
    Optional<String> checksum,
    Optional<Boolean> keepGitDir,
    Optional<Boolean> submodules) {
  private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z0-9]+)://.*", Pattern.DOTALL);
  private static final Pattern PARTS =
      Pattern.compile("^([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$", Pattern.DOTALL);
  private static final Pattern SCP =
      Pattern.compile("^[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:.*$", Pattern.DOTALL);
  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "ref",
              "tag",
              "branch",
              "subdir",
              "checksum",
              "commit",
              "keep-git-dir",
              "submodules"));

  /**
   * The address that a text is; empty when it is none of git, also for {@code http} without {@code
   * .git}.
   *
   * @throws Fault.InvalidArgument when it is one and its query is malformed or contradicts itself
   */
  public static Optional<GitAddress> of(String text) {
    Matcher parts = PARTS.matcher(text);
    if (text.startsWith("./") || text.startsWith("../") || !parts.matches()) {
      return Optional.empty();
    }
    String remote = parts.group(1);
    Matcher scheme = SCHEME.matcher(remote);
    boolean git =
        scheme.matches()
            ? switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
              case "http", "https" -> remote.endsWith(".git");
              case "git", "ssh" -> true;
              default -> false;
            }
            : SCP.matcher(remote).matches();
    if (!git) {
      return Optional.empty();
    }
    String fragment = decoded(Optional.ofNullable(parts.group(3)).orElse(""));
    int colon = fragment.indexOf(':');
    String ref = colon < 0 ? fragment : fragment.substring(0, colon);
    String subdir = colon < 0 ? "" : fragment.substring(colon + 1);
    Map<String, String> query = query(Optional.ofNullable(parts.group(2)).orElse(""));
    Optional<String> branch = prefixed(query.get("branch"), "refs/heads/");
    Optional<String> tag = prefixed(query.get("tag"), "refs/tags/");
    if (branch.isPresent() && tag.isPresent()) {
      throw new Fault.InvalidArgument("branch conflicts with tag");
    }
    String named = one("ref", ref, Optional.ofNullable(query.get("ref")));
    named = one("ref", one("ref", named, tag), branch);
    return Optional.of(
        new GitAddress(
            remote,
            named.isEmpty() ? Optional.empty() : Optional.of(named),
            one("subdir", subdir, Optional.ofNullable(query.get("subdir"))),
            Optional.ofNullable(query.get("checksum"))
                .or(() -> Optional.ofNullable(query.get("commit"))),
            bool(query, "keep-git-dir"),
            bool(query, "submodules")));
  }

  /**
   * As {@link #of}, for a build's context: there {@code github.com/…} is an address, too, which
   * elsewhere is a path.
   */
  public static Optional<GitAddress> ofContext(String text) {
    return of(text.startsWith("github.com/") ? "https://" + gitSuffixed(text) : text);
  }

  private static String gitSuffixed(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches() || parts.group(1).endsWith(".git")) {
      return text;
    }
    return parts.group(1) + ".git" + text.substring(parts.group(1).length());
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (!KEYS.contains(key)) {
        throw new Fault.InvalidArgument(
            "unexpected query \"%s\"%s".formatted(key, Suggestion.of(key, KEYS)));
      }
      boolean flag = key.equals("submodules") || key.equals("keep-git-dir");
      if (value.isEmpty() && !flag) {
        throw new Fault.InvalidArgument("query \"%s\" has no value".formatted(key));
      }
      if (query.put(key, value) != null) {
        throw new Fault.InvalidArgument("query \"%s\" has multiple values".formatted(key));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid escape in git address: \"%s\"".formatted(text), e);
    }
  }

  private static Optional<String> prefixed(
      @org.jspecify.annotations.Nullable String name, String prefix) {
    return Optional.ofNullable(name).map(n -> n.startsWith(prefix) ? n : prefix + n);
  }

  private static String one(String key, String first, Optional<String> second) {
    if (!first.isEmpty() && second.isPresent() && !first.equals(second.get())) {
      throw new Fault.InvalidArgument(
          "%s conflicts: \"%s\" vs \"%s\"".formatted(key, first, second.get()));
    }
    return second.orElse(first);
  }

  private static Optional<Boolean> bool(Map<String, String> query, String key) {
    String value = query.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isEmpty()) {
      return Optional.of(true);
    }
    return Optional.of(
        Settings.bool(value)
            .orElseThrow(
                () -> new Fault.InvalidArgument("invalid %s value: \"%s\"".formatted(key, value))));
  }
}
