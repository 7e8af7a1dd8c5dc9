package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * An entry's name, checked: relative, without {@code .} and {@code ..}.
 *
 * @param path its components with a slash between them; empty for the root
 * @param parts the components
 */
record EntryName(String path, List<String> parts) {
  /** Each directory on the way is held open; a real tree is a tenth as deep. */
  private static final int DEEPEST = 400;

  /**
   * Reads a name as archives write it: {@code ./a//b/} is {@code a/b}.
   *
   * @param what how a message calls it
   * @throws Fault.InvalidArgument when it is absolute, leads upwards or is no name
   */
  static EntryName of(String name, String what, LayerApplier.AbsoluteNames absolute) {
    if (name.startsWith("/") && absolute == LayerApplier.AbsoluteNames.REFUSE) {
      throw refused(what, name, "is absolute");
    }
    if (name.indexOf('\0') >= 0) {
      throw refused(what, name.replace("\0", "\\0"), "holds NUL");
    }
    List<String> parts = new ArrayList<>();
    boolean clean = true;
    int from = 0;
    while (from <= name.length()) {
      int slash = name.indexOf('/', from);
      int to = slash < 0 ? name.length() : slash;
      String part = name.substring(from, to);
      if (part.equals("..")) {
        throw refused(what, name, "leads upwards by \"..\"");
      }
      if (part.isEmpty() || part.equals(".")) {
        clean = false;
      } else {
        parts.add(part);
      }
      from = to + 1;
    }
    if (parts.size() > DEEPEST) {
      throw refused(what, name.substring(0, 80) + "...", "has more than " + DEEPEST + " parts");
    }
    return new EntryName(clean ? name : String.join("/", parts), parts);
  }

  private static Fault refused(String what, String name, String why) {
    return new Fault.InvalidArgument(
        what + " \"" + name + "\" " + why + "; the archive is refused");
  }

  boolean isRoot() {
    return parts.isEmpty();
  }

  /** The last component. */
  String last() {
    return parts.getLast();
  }

  /** The path of the directory it is in; empty for the root. */
  String parent() {
    return parts.size() < 2 ? "" : path.substring(0, path.length() - last().length() - 1);
  }

  /** The same directory, another last component. */
  EntryName sibling(String name) {
    StringJoiner joined = new StringJoiner("/");
    for (int i = 0; i < parts.size() - 1; i++) {
      joined.add(parts.get(i));
    }
    List<String> changed = new ArrayList<>(parts.subList(0, parts.size() - 1));
    changed.add(name);
    return new EntryName(joined.add(name).toString(), changed);
  }
}
