package dev.kemas.registry.server.command;

import java.util.Arrays;
import java.util.Optional;

/** What {@code kemas registry serve} can be told, in the order of its help. */
enum Option {
  HELP("help", "", "Print this help"),
  LISTEN("listen", "ADDRESS:PORT", "Where to listen (default 127.0.0.1:5000)"),
  LOG_LEVEL("log-level", "LEVEL", "debug, info, warn or error (default info)"),
  QUOTA("quota", "SIZE", "How many bytes of blobs a repository may have (default no limit)"),
  ROOT("root", "FOLDER", "Keep the content in this folder (default /var/lib/kemas-registry)"),
  VERSION("version", "", "Print the version");

  private final String flag;
  private final String value;
  private final String help;

  Option(String flag, String value, String help) {
    this.flag = flag;
    this.value = value;
    this.help = help;
  }

  /** With its dashes. */
  String flag() {
    return "--" + flag;
  }

  /** Whether it takes no value. */
  boolean isSwitch() {
    return value.isEmpty();
  }

  static Optional<Option> ofFlag(String flag) {
    return Arrays.stream(values()).filter(option -> option.flag().equals(flag)).findFirst();
  }

  /** Its line in the help. */
  String line() {
    return "      %-30s %s".formatted(flag() + (isSwitch() ? "" : " " + value), help);
  }
}
