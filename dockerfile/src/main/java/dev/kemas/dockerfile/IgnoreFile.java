package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a {@code .dockerignore}: one pattern a line, {@code #} comments, {@code !} takes
 * back, the last rule that matches a path or one of its parents decides (Dockerfile reference,
 * ".dockerignore file").
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class IgnoreFile {
  /** Ignores nothing. */
  public static final IgnoreFile NONE = new IgnoreFile(List.of());

  /** How the file is called that goes for each Dockerfile without one of its own. */
  public static final String NAME = ".dockerignore";

  private record Rule(Glob glob, boolean takesBack) {}

  private final List<Rule> rules;
  private final boolean takesBack;

  private IgnoreFile(List<Rule> rules) {
    this.rules = rules;
    this.takesBack = rules.stream().anyMatch(Rule::takesBack);
  }

  /**
   * Where rules for a Dockerfile are looked for: the first of these that is there holds alone.
   *
   * @param dockerfile its path in the context
   */
  public static List<String> names(String dockerfile) {
    return dockerfile.isEmpty() ? List.of(NAME) : List.of(dockerfile + NAME, NAME);
  }

  /**
   * Reads the file's text.
   *
   * @throws Fault.InvalidArgument on a malformed pattern, with its line
   */
  public static IgnoreFile parse(String text) {
    List<Rule> rules = new ArrayList<>();
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    int number = 0;
    for (String line : body.split("\n", -1)) {
      number++;
      if (line.startsWith("#")) {
        continue;
      }
      String pattern = line.strip();
      if (!pattern.isEmpty()) {
        rules.add(rule(pattern, number));
      }
    }
    return new IgnoreFile(List.copyOf(rules));
  }

  /**
   * The rules of several {@code --exclude} flags.
   *
   * @throws Fault.InvalidArgument on a malformed pattern
   */
  public static IgnoreFile of(List<String> patterns) {
    List<Rule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      if (!pattern.isBlank()) {
        rules.add(rule(pattern.strip(), 0));
      }
    }
    return new IgnoreFile(List.copyOf(rules));
  }

  private static Rule rule(String pattern, int line) {
    boolean takesBack = pattern.startsWith("!");
    String path = takesBack ? pattern.substring(1).strip() : pattern;
    String where = line == 0 ? "" : " [.dockerignore:%d]".formatted(line);
    if (path.isEmpty()) {
      throw new Fault.InvalidArgument("illegal exclusion pattern: \"!\"" + where);
    }
    try {
      return new Rule(Glob.deep(clean(path)), takesBack);
    } catch (Fault.InvalidArgument e) {
      throw new Fault.InvalidArgument(e.getMessage() + where, e);
    }
  }

  /** As Go's {@code filepath.Clean}, and without a leading slash. */
  private static String clean(String path) {
    List<String> parts = new ArrayList<>();
    boolean rooted = path.startsWith("/");
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..") && (rooted || !parts.isEmpty()) && !last(parts).equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
        continue;
      }
      parts.add(part);
    }
    return parts.isEmpty() ? "." : String.join("/", parts);
  }

  private static String last(List<String> parts) {
    return parts.isEmpty() ? "" : parts.getLast();
  }

  /** Whether there is no rule. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * Whether the path is left out.
   *
   * @param path relative to the context's root, parts divided by slashes, no leading slash
   */
  public boolean ignores(String path) {
    boolean ignored = false;
    for (Rule rule : rules) {
      if (rule.takesBack == ignored && matchesOrParent(rule.glob, path)) {
        ignored = !rule.takesBack;
      }
    }
    return ignored;
  }

  /**
   * Whether a walk need not enter this folder: it is ignored, and no rule can take back anything in
   * it.
   */
  public boolean ignoresAllIn(String folder) {
    if (!ignores(folder)) {
      return false;
    }
    if (!takesBack) {
      return true;
    }
    String inside = folder + "/";
    for (Rule rule : rules) {
      if (rule.takesBack) {
        String prefix = rule.glob.literalPrefix();
        boolean wild = prefix.length() < rule.glob.toString().length();
        if (prefix.startsWith(inside) || (wild && inside.startsWith(prefix))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean matchesOrParent(Glob glob, String path) {
    if (glob.toString().equals(".")) {
      return false; // "for historical reasons, the pattern . is ignored"
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (glob.matches(path.substring(0, slash))) {
        return true;
      }
    }
    return glob.matches(path);
  }
}
