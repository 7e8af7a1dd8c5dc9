package dev.kemas.api;

import dev.kemas.fault.Fault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the Engine API, as in the path prefix {@code /v1.51}.
 *
 * @param major 1 so far
 * @param minor counts up with each change
 */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The newest version spoken, and the one meant by a path without a prefix. */
  public static final ApiVersion MAX = new ApiVersion(1, 51);

  /** The oldest version answered. */
  public static final ApiVersion MIN = new ApiVersion(1, 24);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /**
   * Reads {@code 1.51}.
   *
   * @throws Fault.InvalidArgument when it is not two numbers
   */
  public static ApiVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new Fault.InvalidArgument("invalid API version: " + text);
    }
    return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /**
   * Refuses what this server does not speak.
   *
   * @throws Fault.InvalidArgument with Docker's text, which clients show as it is
   */
  public ApiVersion requireSupported() {
    if (compareTo(MAX) > 0) {
      throw new Fault.InvalidArgument(
          "client version " + this + " is too new. Maximum supported API version is " + MAX);
    }
    if (compareTo(MIN) < 0) {
      throw new Fault.InvalidArgument(
          "client version "
              + this
              + " is too old. Minimum supported API version is "
              + MIN
              + ", please upgrade your client to a newer version");
    }
    return this;
  }

  /** Whether it is this minor version of 1, or a later one. */
  public boolean atLeast(int minorVersion) {
    return compareTo(new ApiVersion(1, minorVersion)) >= 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  /** {@code 1.51}. */
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
