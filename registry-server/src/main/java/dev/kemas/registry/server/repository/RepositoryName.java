package dev.kemas.registry.server.repository;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The name of a repository (distribution-spec, "Pulling manifests").
 *
 * @param text such as {@code library/python}
 */
public record RepositoryName(String text) implements Comparable<RepositoryName> {
  private static final Pattern FORM =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  /** Clients join it to a host and want 255 at most; what lies on a disk can be no longer. */
  private static final int LONGEST = 255;

  public RepositoryName {
    // the length first: what it costs to match depends on it
    if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
      throw new Refusal(
          ErrorCode.NAME_INVALID,
          "invalid repository name: want parts of lower-case letters and digits, parted by . _ __"
              + " or -, with slashes between the parts, "
              + LONGEST
              + " characters at most",
          Map.of("name", text));
    }
  }

  @Override
  public int compareTo(RepositoryName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
