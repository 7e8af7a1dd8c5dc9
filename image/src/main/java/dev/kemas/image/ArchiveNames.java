package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.util.ArrayDeque;
import java.util.Deque;

/** Names within an image archive: relative, clean, never outside of it. */
final class ArchiveNames {
  private ArchiveNames() {}

  /**
   * A name without {@code ./} and double slashes.
   *
   * @throws Fault.InvalidArgument when it is absolute or goes up
   */
  static String clean(String name) {
    return resolve("", name);
  }

  /** Where a link that lies at {@code from} leads to. */
  static String target(String from, String target) {
    int slash = from.lastIndexOf('/');
    return resolve(slash < 0 ? "" : from.substring(0, slash), target, from);
  }

  private static String resolve(String folder, String name) {
    if (name.startsWith("/") || name.indexOf('\0') >= 0) {
      throw outside(name);
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw outside(name);
      }
    }
    return resolve(folder, name, name);
  }

  private static String resolve(String folder, String name, String shown) {
    if (name.startsWith("/")) {
      throw outside(shown);
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : (folder + "/" + name).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          throw outside(shown);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static Fault.InvalidArgument outside(String name) {
    return new Fault.InvalidArgument(
        "invalid image archive: \"" + name + "\" leads out of the archive");
  }
}
