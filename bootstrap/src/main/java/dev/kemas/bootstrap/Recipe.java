package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an image of a known name is made of. */
sealed interface Recipe {
  /** The names that can be made, for messages. */
  List<String> KNOWN =
      List.of("debian:SUITE", "debian:SUITE-slim", "python:3.11-slim", "python:3.11", "busybox");

  /**
   * A Debian system.
   *
   * @param suite {@code bookworm}, ...
   * @param slim without documentation, manual pages and translations
   * @param packages in addition to the smallest system with apt
   * @param python whether python is set up as in the image of that name
   */
  record Debian(String suite, boolean slim, List<String> packages, boolean python)
      implements Recipe {
    public Debian {
      packages = List.copyOf(packages);
    }
  }

  /** One static program with all its names. */
  record Busybox() implements Recipe {}

  /**
   * Finds the recipe of a name.
   *
   * @param suite instead of what the name says
   * @param include further packages
   * @throws Fault.InvalidArgument for a name that is not known; the message lists those that are
   */
  static Recipe of(Reference name, Optional<String> suite, List<String> include) {
    String tag = name.tag().orElse("latest");
    return switch (name.domain() + "/" + name.path()) {
      case "docker.io/library/debian" -> debian(tag, suite, include);
      case "docker.io/library/python" -> python(name, tag, suite, include);
      case "docker.io/library/busybox" -> busybox(include);
      default -> throw unknown(name);
    };
  }

  private static Recipe busybox(List<String> include) {
    if (!include.isEmpty()) {
      throw new Fault.InvalidArgument(
          "busybox is one program without a package manager: it cannot include "
              + String.join(", ", include));
    }
    return new Busybox();
  }

  private static Recipe debian(String tag, Optional<String> suite, List<String> include) {
    boolean slim = tag.endsWith("-slim");
    String named = slim ? tag.substring(0, tag.length() - "-slim".length()) : tag;
    return new Debian(suite.orElse(suiteOf(named)), slim, include, false);
  }

  private static String suiteOf(String tag) {
    return switch (tag) {
      case "13" -> "trixie";
      case "12", "latest" -> "bookworm";
      case "11" -> "bullseye";
      default -> tag;
    };
  }

  private static Recipe python(
      Reference name, String tag, Optional<String> suite, List<String> include) {
    String wanted =
        switch (tag) {
          case "3.11-slim", "3.11-slim-bookworm", "3-slim", "slim", "3.11", "3.11-bookworm" ->
              "bookworm";
          case "3.13-slim", "3.13-slim-trixie", "3.13", "3.13-trixie" -> "trixie";
          default -> throw unknown(name);
        };
    List<String> packages =
        new ArrayList<>(List.of("python3", "python3-pip", "python3-venv", "ca-certificates"));
    packages.addAll(include);
    return new Debian(suite.orElse(wanted), tag.contains("slim"), packages, true);
  }

  private static Fault.InvalidArgument unknown(Reference name) {
    return new Fault.InvalidArgument(
        "cannot make "
            + name.familiar()
            + " from packages; these can be made: "
            + String.join(", ", KNOWN)
            + " (SUITE is a name such as bookworm)");
  }
}
