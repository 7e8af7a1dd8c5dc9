package dev.kemas.dockerfile;

import java.util.regex.Pattern;

/** Whether a text could name an image: the reference grammar of the distribution specification. */
final class ImageName {
  private static final String PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern DOMAIN =
      Pattern.compile("(?:%s(?:\\.%s)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?".formatted(PART, PART));
  private static final String SEGMENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern PATH =
      Pattern.compile(
          "%s(?:/%s)*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
              .formatted(SEGMENT, SEGMENT));
  private static final Pattern ID = Pattern.compile("[a-f0-9]{64}");

  private ImageName() {}

  static boolean isValid(String name) {
    if (ID.matcher(name).matches()) {
      return false; // an id is no name: which repository is meant cannot be told
    }
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean domain =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.toLowerCase(java.util.Locale.ROOT).equals(first);
    String path = domain ? name.substring(slash + 1) : name;
    return (!domain || DOMAIN.matcher(first).matches()) && PATH.matcher(path).matches();
  }
}
