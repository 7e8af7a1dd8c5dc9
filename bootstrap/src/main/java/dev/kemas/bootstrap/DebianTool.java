package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import java.util.Locale;
import java.util.function.Predicate;

/** What makes a Debian system out of packages; the first one is preferred. */
enum DebianTool {
  MMDEBSTRAP,
  DEBOOTSTRAP;

  /**
   * The one to use.
   *
   * @param installed tells whether a program is on this host
   * @throws Fault.Unsupported when there is none; the message names the package
   */
  static DebianTool of(Predicate<String> installed) {
    for (DebianTool tool : values()) {
      if (installed.test(tool.toString())) {
        return tool;
      }
    }
    throw new Fault.Unsupported(
        "neither mmdebstrap nor debootstrap is here, which make systems from packages:"
            + " apt-get install mmdebstrap");
  }

  /** The program's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
