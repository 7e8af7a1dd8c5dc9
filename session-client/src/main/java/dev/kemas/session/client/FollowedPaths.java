package dev.kemas.session.client;

import dev.kemas.dockerfile.Glob;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Patterns that choose some paths and all that symbolic links on their way lead to, in a folder
 * that is the root of absolute links.
 */
final class FollowedPaths {
  private static final int MOST_LINKS = 10_000;

  private final RootDir root;
  private final Set<String> found = new TreeSet<>();

  private FollowedPaths(RootDir root) {
    this.root = root;
  }

  /** An empty one stands for the folder itself: everything. */
  static List<String> of(Path folder, List<String> paths) {
    try (RootDir root = RootDir.open(folder)) {
      FollowedPaths followed = new FollowedPaths(root);
      paths.forEach(path -> followed.add(clean("", path)));
      return List.copyOf(followed.found);
    }
  }

  private static String clean(String folder, String path) {
    Path top = Path.of("/");
    return top.relativize(top.resolve(folder).resolve(path).normalize()).toString();
  }

  private void add(String path) {
    String[] parts = path.split("/", -1);
    String parent = "";
    for (int i = 0; i < parts.length; i++) {
      String current = parent.isEmpty() ? parts[i] : parent + "/" + parts[i];
      List<String> targets = targets(parent, parts[i]);
      boolean last = i == parts.length - 1;
      if ((last || !targets.isEmpty()) && !found.add(current)) {
        return;
      }
      if (!targets.isEmpty()) {
        if (found.size() > MOST_LINKS) {
          throw new Fault.InvalidArgument(path + " leads through too many symbolic links");
        }
        String rest = String.join("/", List.of(parts).subList(i + 1, parts.length));
        for (String target : targets) {
          add(clean(target, rest));
        }
        return;
      }
      parent = current;
    }
  }

  /** Where the links of a name, or of what matches it, lead. */
  private List<String> targets(String parent, String name) {
    List<String> targets = new ArrayList<>();
    if (name.isEmpty()) {
      return targets;
    }
    try (Directory directory = root.openDirectory(parent)) {
      for (Directory.Entry entry : directory.list()) {
        boolean meant =
            Glob.hasWildcard(name)
                ? Glob.of(name).matches(entry.name())
                : name.equals(entry.name());
        if (meant && entry.type() == FileType.SYMLINK) {
          targets.add(clean(parent, directory.readlink(entry.name())));
        }
      }
    } catch (Fault.NotFound e) {
      return List.of();
    }
    return targets;
  }
}
