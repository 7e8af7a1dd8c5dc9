package dev.kemas.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Which Kemas this is. */
public final class Version {
  /** The version of the release. */
  public static final String VERSION = "0.1.0";

  private Version() {}

  /** The commit it was built from; "unknown" in a build that was not packaged. */
  public static String commit() {
    try (InputStream in = Version.class.getResourceAsStream("/dev/kemas/cli/commit")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
