package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a client's listing to its form: clean relative paths, each directory before what is in it,
 * names ascending, nothing twice. So nothing listed can lead out of the folder or through a link.
 */
final class OrderCheck {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATH = 4095;

  private static final class Level {
    final String path;
    String last = "";

    Level(String path) {
      this.path = path;
    }
  }

  private final int deepest;
  private final List<Level> levels = new ArrayList<>(List.of(new Level("")));

  OrderCheck(int deepest) {
    this.deepest = deepest;
  }

  /**
   * Takes the next entry.
   *
   * @throws Fault.InvalidArgument when it must not come here
   */
  void next(Entry entry) {
    String path = entry.path();
    clean(path);
    String parent = entry.parent();
    String name = path.substring(parent.isEmpty() ? 0 : parent.length() + 1);
    while (!levels.getLast().path.equals(parent)) {
      if (levels.size() == 1) {
        throw refused(path, "its directory was not listed before it");
      }
      levels.removeLast();
    }
    Level level = levels.getLast();
    if (PathOrder.INSTANCE.compare(level.last, name) >= 0) {
      throw refused(path, "it comes after " + Shown.of(level.last));
    }
    level.last = name;
    if (entry.kind() == EntryKind.DIRECTORY) {
      if (levels.size() > deepest) {
        throw refused(path, "directories are nested more than " + deepest + " deep");
      }
      levels.add(new Level(path));
    }
  }

  private static void clean(String path) {
    if (path.length() * 3L > LONGEST_PATH && FileNames.encode(path).length > LONGEST_PATH) {
      throw refused(path, "it is longer than " + LONGEST_PATH + " bytes");
    }
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw refused(path, "it is no path");
    }
    for (int from = 0; from <= path.length(); ) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      int length = end - from;
      boolean dots = path.startsWith(".", from) && (length == 1 || path.startsWith("..", from));
      if (length == 0 || (dots && length <= 2)) {
        throw refused(path, "it is not a clean relative path");
      }
      if (length * 3 > LONGEST_NAME
          && FileNames.encode(path.substring(from, end)).length > LONGEST_NAME) {
        throw refused(path, "a name in it is longer than " + LONGEST_NAME + " bytes");
      }
      from = end + 1;
    }
  }

  private static Fault.InvalidArgument refused(String path, String why) {
    return new Fault.InvalidArgument(
        "the client's listing of its folder is refused at " + Shown.of(path) + ": " + why);
  }
}
