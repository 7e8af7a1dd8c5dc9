package dev.kemas.cli;

/** Which Kemas this is. */
public final class Version {
  /** The version of the release. */
  public static final String VERSION = "0.1.0";

  private Version() {}
}
