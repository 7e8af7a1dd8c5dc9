package dev.kemas.cli.command;

/** Which Kemas this is. */
public final class Release {
  /** The version of the release. */
  public static final String VERSION = "0.1.0";

  private Release() {}
}
