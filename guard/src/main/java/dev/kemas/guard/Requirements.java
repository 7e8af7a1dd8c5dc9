package dev.kemas.guard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What of a requirements file has no fixed version (pip, "Requirements File Format"). */
final class Requirements {
  private static final int DEPTH = 5;
  private static final Pattern COMMIT = Pattern.compile(".*@[0-9a-fA-F]{7,40}(#.*)?$");

  /** The tools that install, not what is installed. */
  private static final Set<String> TOOLS = Set.of("pip", "setuptools", "wheel", "uv");

  private final Function<String, Optional<String>> files;
  private final Set<String> held = new HashSet<>();
  private final List<String> loose = new ArrayList<>();

  /**
   * @param files the text of a file by its path, empty when it is not at hand
   */
  Requirements(Function<String, Optional<String>> files) {
    this.files = files;
  }

  /** Reads a constraints file: what it holds is held. */
  void constraints(String path) {
    files
        .apply(path)
        .ifPresent(text -> {
          for (String line : lines(text)) {
            if (isPinned(line)) {
              held.add(name(line));
            }
          }
        });
  }

  void file(String path) {
    file(path, 0);
  }

  private void file(String path, int depth) {
    Optional<String> text = depth > DEPTH ? Optional.empty() : files.apply(path);
    if (text.isEmpty()) {
      return;
    }
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    for (String line : lines(text.get())) {
      if (line.startsWith("-r") || line.startsWith("--requirement")) {
        file(folder + value(line), depth + 1);
      } else if (line.startsWith("-c") || line.startsWith("--constraint")) {
        constraints(folder + value(line));
      } else if (line.startsWith("-e") || line.startsWith("--editable")) {
        one(value(line));
      } else if (!line.startsWith("-")) {
        one(line);
      }
    }
  }

  private static String value(String line) {
    return line.replaceFirst("^--?[a-z]+[\\s=]*", "").strip();
  }

  /** Looks at one requirement, as it stands in a file or on pip's command line. */
  void one(String requirement) {
    if (isVersionControlled(requirement)) {
      if (!COMMIT.matcher(requirement.split("[\\s;]", 2)[0]).matches()
          && !COMMIT.matcher(requirement).matches()) {
        loose.add(requirement.split("\\s+#|;", 2)[0].strip());
      }
      return;
    }
    String name = name(requirement);
    boolean local =
        requirement.startsWith(".")
            || requirement.startsWith("/")
            || requirement.contains("://")
            || requirement.endsWith(".whl")
            || requirement.endsWith(".tar.gz")
            || requirement.contains("$");
    if (!local && !name.isEmpty() && !TOOLS.contains(name) && !isPinned(requirement)) {
      loose.add(requirement.split("[;#]", 2)[0].strip());
    }
  }

  /** What is without a version and not held by a constraint. */
  List<String> loose() {
    return loose.stream().filter(text -> !held.contains(name(text))).toList();
  }

  private static boolean isVersionControlled(String requirement) {
    return requirement.matches(".*\\b(git|hg|svn|bzr)\\+.*");
  }

  private static boolean isPinned(String requirement) {
    String bare = requirement.split("[;#]", 2)[0];
    int equals = bare.indexOf("==");
    return equals > 0 && !bare.substring(equals).contains("*");
  }

  /** The name as indexes compare it: lower case, one kind of dash. */
  private static String name(String requirement) {
    String bare = requirement.split("[^A-Za-z0-9._-]", 2)[0];
    return bare.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  /** Continued lines joined, comments and blank lines left out. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.replaceAll("\\\\\\r?\\n", " ").split("\\r?\\n", -1)) {
      String bare = line.replaceFirst("(^|\\s+)#.*$", "").strip();
      if (!bare.isEmpty()) {
        lines.add(bare);
      }
    }
    return lines;
  }
}
