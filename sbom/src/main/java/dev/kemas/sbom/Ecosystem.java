package dev.kemas.sbom;

/** Who packed a component; the order is that of listings. */
public enum Ecosystem {
  DEB("deb"),
  APK("apk"),
  RPM("rpm"),
  PYPI("pypi"),
  CONDA("conda"),
  NPM("npm"),
  MAVEN("maven");

  private final String type;

  Ecosystem(String type) {
    this.type = type;
  }

  /** The type in a package URL (purl-spec, "types"). */
  public String type() {
    return type;
  }
}
