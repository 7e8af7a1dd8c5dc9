package dev.kemas.cli.manifest;

import dev.kemas.flag.FlagHelp;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands, as people see them. */
enum Verb {
  ANNOTATE(
      "annotate",
      "[OPTIONS] MANIFEST_LIST MANIFEST",
      "Add additional information to a local image manifest",
      2,
      2),
  CREATE(
      "create",
      "[OPTIONS] MANIFEST_LIST MANIFEST [MANIFEST...]",
      "Create a local manifest list for annotating and pushing to a registry",
      2,
      Integer.MAX_VALUE),
  INSPECT(
      "inspect",
      "[OPTIONS] [MANIFEST_LIST] MANIFEST",
      "Display an image manifest, or manifest list",
      1,
      2),
  PUSH("push", "[OPTIONS] MANIFEST_LIST", "Push a manifest list to a repository", 1, 1),
  RM(
      "rm",
      "MANIFEST_LIST [MANIFEST_LIST...]",
      "Delete one or more manifest lists from local storage",
      1,
      Integer.MAX_VALUE);

  private final String word;
  private final String usage;
  private final String summary;
  private final int least;
  private final int most;

  Verb(String word, String usage, String summary, int least, int most) {
    this.word = word;
    this.usage = usage;
    this.summary = summary;
    this.least = least;
    this.most = most;
  }

  static Optional<Verb> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  Flags flags() {
    Flags flags = new Flags();
    switch (this) {
      case ANNOTATE -> {
        flags.value("arch", "string", "Set architecture");
        flags.value("os", "string", "Set operating system");
        flags.list("os-features", "Set operating system feature");
        flags.value("os-version", "string", "Set operating system version");
        flags.value("variant", "string", "Set architecture variant");
      }
      case CREATE -> {
        flags.toggle("amend", 'a', "Amend an existing manifest list");
        flags.toggle("insecure", "Allow communication with an insecure registry");
      }
      case INSPECT -> {
        flags.toggle("insecure", "Allow communication with an insecure registry");
        flags.toggle("verbose", 'v', "Output additional info including layers and platform");
      }
      case PUSH -> {
        flags.toggle("insecure", "Allow push to an insecure registry");
        flags.toggle("purge", 'p', "Remove the local manifest list after push");
      }
      case RM -> {}
    }
    return flags;
  }

  void check(List<String> arguments) {
    if (arguments.size() < least || arguments.size() > most) {
      String wants =
          least == most
              ? "requires " + least
              : arguments.size() < least ? "requires at least " + least : "takes at most " + most;
      throw new UsageError(
          "kemas: 'kemas manifest "
              + word
              + "' "
              + wants
              + ((arguments.size() < least ? least : most) == 1 ? " argument" : " arguments"));
    }
  }

  String usage() {
    return "Usage:  kemas manifest " + word + " " + usage;
  }

  String help() {
    List<String> options = FlagHelp.lines(flags());
    return usage()
        + "\n\n"
        + summary
        + "\n"
        + (options.isEmpty() ? "" : "\nOptions:\n" + String.join("\n", options) + "\n");
  }

  static String allHelp() {
    return "Usage:  kemas manifest COMMAND\n\n"
        + "Put images of several platforms together under one name\n\nCommands:\n"
        + Arrays.stream(values())
            .map(v -> "  " + v.word + " ".repeat(12 - v.word.length()) + v.summary + "\n")
            .collect(Collectors.joining())
        + "\nLists are kept beside the client's configuration until they are removed, or pushed with"
        + " --purge.\n\n"
        + "Run 'kemas manifest COMMAND --help' for more information on a command.\n";
  }
}
