package dev.kemas.cli.image;

/**
 * The parts of a reference as people type it. {@code suffix} is the tag with its colon or the
 * digest with its at, or "".
 */
public record ImageName(String name, String suffix) {
  /** Cuts {@code repository:tag} or {@code repository@digest}; no check, the engine judges. */
  public static ImageName of(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      String before = text.substring(0, at);
      return new ImageName(of(before).name, text.substring(at));
    }
    int colon = text.lastIndexOf(':');
    boolean isTag = colon > text.lastIndexOf('/');
    return isTag
        ? new ImageName(text.substring(0, colon), text.substring(colon))
        : new ImageName(text, "");
  }

  /** The tag or digest without its sign. */
  public String version() {
    return suffix.isEmpty() ? "" : suffix.substring(1);
  }

  /** With {@code :latest} where neither tag nor digest is given. */
  public String complete() {
    return suffix.isEmpty() ? name + ":latest" : name + suffix;
  }

  /** With the registry and the library that Docker means when they are left out. */
  public String canonical() {
    return prefix() + complete();
  }

  /** The same without tag or digest. */
  public String canonicalName() {
    return prefix() + name;
  }

  private String prefix() {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean hasHost =
        first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    return hasHost ? "" : slash < 0 ? "docker.io/library/" : "docker.io/";
  }
}
