package dev.kemas.buildkit;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Takes out of a build's attributes what is nobody's business who reads its record. */
final class Redaction {
  private static final String HIDDEN = "xxxxx";
  private static final Pattern LOGIN = Pattern.compile("(://[^/@:\\s]*):[^/@\\s]+@");

  /** Names that people give what they keep secret (BuildKit, rule SecretsUsedInArgOrEnv). */
  private static final Pattern NAME =
      Pattern.compile(
          "(^|[^a-z])(apikey|auth|credentials?|key|password|pword|passwd|secret|token)([^a-z]|$)");

  private Redaction() {}

  static Map<String, String> of(Map<String, String> attributes) {
    Map<String, String> shown = new TreeMap<>();
    attributes.forEach((name, value) ->
        shown.put(
            name, isSecret(name) ? HIDDEN : LOGIN.matcher(value).replaceAll("$1:" + HIDDEN + "@")));
    return shown;
  }

  private static boolean isSecret(String name) {
    if (name.equals("contextkey") || name.equals("dockerfilekey")) {
      return false;
    }
    return NAME.matcher(name.toLowerCase(Locale.ROOT)).find() || name.equals("cache-imports");
  }
}
