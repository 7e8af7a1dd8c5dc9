package dev.kemas.signature;

import dev.kemas.oci.Reference;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which repositories a rule is for: a registry ({@code ghcr.io}), what lies below a path there
 * ({@code ghcr.io/team}, also {@code ghcr.io/team/app}), all registries of a domain ({@code
 * *.example.com}), or everything ({@code *}).
 *
 * @param host of the registry, with its port; {@code *} for all, {@code *.} before a domain
 * @param path first components of the repository's path; empty for all
 */
public record Scope(String host, String path) {
  /** Everything. */
  static final Scope ALL = new Scope("*", "");

  /** The closest first: a registry before a domain before all, then the longest. */
  static final Comparator<Scope> CLOSEST =
      Comparator.<Scope>comparingInt(s -> s.host.equals("*") ? 2 : s.host.startsWith("*.") ? 1 : 0)
          .thenComparing(s -> s.host.length(), Comparator.reverseOrder())
          .thenComparing(s -> s.path.length(), Comparator.reverseOrder());

  private static final Pattern HOST =
      Pattern.compile(
          "\\*|(?:\\*\\.)?[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?|\\[[0-9a-fA-F:]+](?::[0-9]+)?");
  private static final Pattern PATH = Pattern.compile("[a-z0-9._-]+(?:/[a-z0-9._-]+)*");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Scope parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    String path = slash < 0 ? "" : text.substring(slash + 1);
    if (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" does not begin with a registry");
    }
    boolean known =
        host.contains(".") || host.contains(":") || host.equals("*") || host.equals("localhost");
    if (!known) {
      throw new IllegalArgumentException(
          "\"" + text + "\" names no registry: images of Docker Hub are docker.io/library/" + text);
    }
    if (!path.isEmpty() && !PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "\""
              + path
              + "\" in \""
              + text
              + "\" is no path of repositories: no tag, no digest, no *");
    }
    return new Scope(canonical(host), path);
  }

  /** One spelling a registry: no other way of writing it may get round its rule. */
  private static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    String plain = lower.endsWith(":443") ? lower.substring(0, lower.length() - 4) : lower;
    return plain.equals("index.docker.io") || plain.equals("registry-1.docker.io")
        ? "docker.io"
        : plain;
  }

  /** Whether a name lies in it. */
  boolean has(Reference name) {
    return hasHost(canonical(name.domain()))
        && (path.isEmpty() || name.path().equals(path) || name.path().startsWith(path + "/"));
  }

  private boolean hasHost(String domain) {
    return host.equals("*")
        || (host.startsWith("*.") ? domain.endsWith(host.substring(1)) : domain.equals(host));
  }

  @Override
  public String toString() {
    return path.isEmpty() ? host : host + "/" + path;
  }
}
