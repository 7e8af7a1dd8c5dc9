package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.kemas.fault.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image's name, normalised as Docker does: {@code python} means {@code
 * docker.io/library/python}. Immutable. Grammar: distribution-spec, "Pulling manifests", and the
 * distribution project's reference grammar.
 *
 * @param domain registry host with optional port, e.g. {@code docker.io}
 * @param path repository path within the registry, e.g. {@code library/python}
 * @param tag the tag, if given
 * @param digest the digest, if given
 */
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest) {
  private static final String HUB = "docker.io";
  private static final String LIBRARY = "library/";
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
              + "(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?"
              + "|\\[[a-fA-F0-9:]+](?::[0-9]+)?");
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
  private static final Pattern BARE_ID = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_NAME = 255;

  /**
   * Reads what a person typed.
   *
   * @throws Fault.InvalidArgument with Docker's text {@code invalid reference format}
   */
  @JsonCreator
  public static Reference parse(String text) {
    String rest = text;
    if (BARE_ID.matcher(text).matches()) {
      throw invalid(text, "a name of 64 hexadecimal characters is an image id");
    }
    Optional<Digest> digest = Optional.empty();
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(Digest.parse(rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = Optional.empty();
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      String word = rest.substring(colon + 1);
      if (!TAG.matcher(word).matches()) {
        throw invalid(text, "bad tag \"" + word + "\"");
      }
      tag = Optional.of(word);
      rest = rest.substring(0, colon);
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    boolean hasDomain =
        first.indexOf('.') >= 0
            || first.indexOf(':') >= 0
            || first.equals("localhost")
            || !first.toLowerCase(java.util.Locale.ROOT).equals(first);
    String domain = hasDomain ? first : HUB;
    String path = hasDomain ? rest.substring(slash + 1) : rest;
    if (domain.equals("index.docker.io")) {
      domain = HUB;
    }
    if (domain.equals(HUB) && path.indexOf('/') < 0) {
      path = LIBRARY + path;
    }
    if (!DOMAIN.matcher(domain).matches()) {
      throw invalid(text, "bad registry host \"" + domain + "\"");
    }
    if (!PATH.matcher(path).matches()) {
      boolean upper = !path.toLowerCase(java.util.Locale.ROOT).equals(path);
      throw invalid(
          text,
          upper ? "repository name must be lowercase" : "bad repository name \"" + path + "\"");
    }
    if (domain.length() + 1 + path.length() > MAX_NAME) {
      throw invalid(text, "repository name must not be more than " + MAX_NAME + " characters");
    }
    return new Reference(domain, path, tag, digest);
  }

  private static Fault.InvalidArgument invalid(String text, String why) {
    return new Fault.InvalidArgument("invalid reference format: \"" + text + "\": " + why);
  }

  /** This reference with {@code latest} where it names neither tag nor digest. */
  public Reference withDefaultTag() {
    return tag.isEmpty() && digest.isEmpty() ? withTag("latest") : this;
  }

  /** The same repository at this tag and no digest. */
  public Reference withTag(String newTag) {
    if (!TAG.matcher(newTag).matches()) {
      throw invalid(newTag, "bad tag");
    }
    return new Reference(domain, path, Optional.of(newTag), Optional.empty());
  }

  /** The same repository at this digest and no tag. */
  public Reference withDigest(Digest newDigest) {
    return new Reference(domain, path, Optional.empty(), Optional.of(newDigest));
  }

  /** Registry and path: {@code docker.io/library/python}. */
  public String name() {
    return domain + "/" + path;
  }

  /** The name as people write it: {@code python}, {@code ghcr.io/a/b}. */
  public String familiarName() {
    if (!domain.equals(HUB)) {
      return name();
    }
    return path.startsWith(LIBRARY) && path.indexOf('/', LIBRARY.length()) < 0
        ? path.substring(LIBRARY.length())
        : path;
  }

  /** As people write it, with tag and digest: {@code python:3.11-slim}. */
  public String familiar() {
    return familiarName() + suffix();
  }

  private String suffix() {
    return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  /** The whole, normalised: {@code docker.io/library/python:3.11-slim}. */
  @Override
  @JsonValue
  public String toString() {
    return name() + suffix();
  }
}
