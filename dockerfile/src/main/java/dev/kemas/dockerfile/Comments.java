package dev.kemas.dockerfile;

/** What comments above an instruction say of the name that it declares. */
final class Comments {
  private Comments() {}

  /** The description in {@code # name description}; empty when there is none. */
  static String of(Node node, String name) {
    return node.comments().stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }
}
