package dev.kemas.build.explain;

import dev.kemas.build.plan.Facts;
import dev.kemas.oci.Digest;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that made a step run.
 *
 * @param name of the thing: a file's path, an argument's name, an instruction's text
 * @param before the digest of what it was; empty when it was not there
 * @param after the digest of what it is; empty when it is not there any more
 */
public record Cause(Kind kind, String name, Optional<Digest> before, Optional<Digest> after) {

  /** What sort of thing. */
  public enum Kind {
    /** Nothing is remembered of the project. */
    FIRST_BUILD("first build"),
    /** The cache was not to be used. */
    NO_CACHE("the cache was not to be used"),
    /** The same was done before, but its result is not kept any more. */
    CACHE_GONE("its result is not in the cache any more"),
    INSTRUCTION("instruction"),
    INSTRUCTION_ADDED("new instruction"),
    INSTRUCTION_REMOVED("instruction removed before it:"),
    ARGUMENT("build argument"),
    ENVIRONMENT("environment variable"),
    IMAGE("image"),
    FILE("file"),
    ADDRESS("content of"),
    SECRET("secret"),
    MOUNT("mount"),
    DEVICE("device"),
    USER("user"),
    DIRECTORY("working directory"),
    SHELL("shell"),
    NETWORK("network"),
    /** The files that the step is built upon. */
    PARENT("the step before it"),
    /** The files of a stage that it takes from. */
    STAGE("stage");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Whether such a change only passes on another step's. */
    boolean isPassedOn() {
      return this == PARENT || this == STAGE;
    }

    /** Whether such a change may come from an instruction above. */
    boolean isSetAbove() {
      return switch (this) {
        case ARGUMENT, ENVIRONMENT, USER, DIRECTORY, SHELL -> true;
        default -> false;
      };
    }
  }

  private static final Map<String, Kind> PREFIXES =
      Map.of(
          Facts.ARGUMENT, Kind.ARGUMENT,
          Facts.ENVIRONMENT, Kind.ENVIRONMENT,
          Facts.IMAGE, Kind.IMAGE,
          Facts.FILE, Kind.FILE,
          Facts.ADDRESS, Kind.ADDRESS,
          Facts.SECRET, Kind.SECRET,
          Facts.MOUNT, Kind.MOUNT,
          Facts.DEVICE, Kind.DEVICE,
          Facts.STAGE, Kind.STAGE);

  private static final Map<String, Kind> WHOLE =
      Map.of(
          Facts.INSTRUCTION, Kind.INSTRUCTION,
          Facts.USER, Kind.USER,
          Facts.DIRECTORY, Kind.DIRECTORY,
          Facts.SHELL, Kind.SHELL,
          Facts.NETWORK, Kind.NETWORK,
          Facts.PARENT, Kind.PARENT);

  /** A cause that is not a thing with a digest. */
  static Cause of(Kind kind) {
    return new Cause(kind, "", Optional.empty(), Optional.empty());
  }

  /** A fact that differs. */
  static Cause of(String fact, Optional<Digest> before, Optional<Digest> after) {
    Kind whole = WHOLE.get(fact);
    if (whole != null) {
      return new Cause(whole, "", before, after);
    }
    for (Map.Entry<String, Kind> prefix : PREFIXES.entrySet()) {
      if (fact.startsWith(prefix.getKey())) {
        String name = fact.substring(prefix.getKey().length());
        return new Cause(prefix.getValue(), name, before, after);
      }
    }
    return new Cause(Kind.INSTRUCTION, fact, before, after);
  }

  /** The cause in a line: {@code file app.py changed (3b18e512dba7 -> 9f86d081884c)}. */
  public String text() {
    String thing = name.isEmpty() ? kind.text : kind.text + " " + name;
    return switch (kind) {
      case FIRST_BUILD, NO_CACHE, CACHE_GONE, INSTRUCTION_ADDED, INSTRUCTION_REMOVED -> thing;
      default -> {
        if (before.isEmpty()) {
          yield thing + after.map(digest -> " added (" + digest.shortHex() + ")").orElse("");
        }
        yield after.isEmpty()
            ? "%s removed (%s)".formatted(thing, before.get().shortHex())
            : "%s changed (%s -> %s)"
                .formatted(thing, before.get().shortHex(), after.get().shortHex());
      }
    };
  }
}
