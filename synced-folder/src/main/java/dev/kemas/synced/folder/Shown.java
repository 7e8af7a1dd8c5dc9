package dev.kemas.synced.folder;

/** A client's path as a message shows it: in quotes, without control characters, not endless. */
final class Shown {
  private static final int MOST = 200;

  private Shown() {}

  static String of(String path) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(path.length(), MOST); i++) {
      char c = path.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        out.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
      } else {
        out.append(c);
      }
    }
    return out.append(path.length() > MOST ? "...\"" : "\"").toString();
  }
}
