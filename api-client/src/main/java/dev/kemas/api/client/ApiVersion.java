package dev.kemas.api.client;

/** Comparison of Engine API versions such as {@code 1.41}. */
final class ApiVersion {
  /** The newest version that this client speaks. */
  static final String NEWEST = "1.51";

  private ApiVersion() {}

  static boolean isOlder(String version, String than) {
    int major = part(version, 0) - part(than, 0);
    return major != 0 ? major < 0 : part(version, 1) < part(than, 1);
  }

  private static int part(String version, int index) {
    int dot = version.indexOf('.');
    String text =
        dot < 0 ? version : index == 0 ? version.substring(0, dot) : version.substring(dot + 1);
    int value = 0;
    for (int i = 0; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }
}
