package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes to the folders of a tree by their paths, following no link: what writes in the tree may be
 * hostile. Neighbours cost no walk. One thread.
 */
final class Descent implements AutoCloseable {
  private final Directory root;
  private final List<String> names = new ArrayList<>();
  private final List<Directory> open = new ArrayList<>();

  Descent(Directory root) {
    this.root = root;
  }

  /** The last name of a path. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * The folder that a path's last name is in; empty where there is none, or a link in its place.
   * Valid until the next call; not to be closed.
   */
  Optional<Directory> above(String path) {
    int slash = path.lastIndexOf('/');
    List<String> wanted = slash < 0 ? List.of() : List.of(path.substring(0, slash).split("/", -1));
    int same = 0;
    while (same < wanted.size()
        && same < names.size()
        && wanted.get(same).equals(names.get(same))) {
      same++;
    }
    climb(same);
    for (String name : wanted.subList(same, wanted.size())) {
      try {
        open.add(here().openDirectory(name));
        names.add(name);
      } catch (Fault.NotFound e) {
        // nothing is there, or something that is no folder
        return Optional.empty();
      }
    }
    return Optional.of(here());
  }

  private Directory here() {
    return open.isEmpty() ? root : open.getLast();
  }

  private void climb(int depth) {
    while (open.size() > depth) {
      names.removeLast();
      open.removeLast().close();
    }
  }

  @Override
  public void close() {
    climb(0);
  }
}
