package dev.kemas.archive;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks a tree and writes what a filter takes. */
final class FilteredWalk {
  private final TreePacker.Filter filter;
  private final TreeEmitter out;

  /** Folders that go in only if something beneath them does. */
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(Directory directory, String name) {}

  FilteredWalk(TreePacker.Filter filter, TreeEmitter out) {
    this.filter = filter;
    this.out = out;
  }

  /**
   * Writes what is in a directory.
   *
   * @param path of the directory, for the filter
   * @param as its name in the archive
   */
  void contents(Directory directory, String path, String as, int depth) throws IOException {
    TreeEmitter.checkDepth(depth, path);
    for (Directory.Entry entry : TreeEmitter.sorted(directory)) {
      String below = path.isEmpty() ? entry.name() : path + "/" + entry.name();
      String name = as.isEmpty() ? entry.name() : as + "/" + entry.name();
      entry(directory, entry.name(), TreeEmitter.type(directory, entry), below, name, depth);
    }
  }

  /** Writes one entry and, if it is a directory, what is in it. */
  void entry(Directory in, String name, FileType type, String path, String as, int depth)
      throws IOException {
    TreePacker.Filter.Verdict verdict =
        path.isEmpty() ? TreePacker.Filter.Verdict.TAKE : filter.verdict(path, type);
    boolean taken = verdict == TreePacker.Filter.Verdict.TAKE;
    if (type != FileType.DIRECTORY) {
      if (taken) {
        writePending();
        out.entry(in, name, type, as);
      }
      return;
    }
    if (verdict == TreePacker.Filter.Verdict.SKIP) {
      return;
    }
    Optional<Directory> found = TreeEmitter.open(in, name);
    if (found.isEmpty()) {
      return;
    }
    try (Directory directory = found.get()) {
      pending.add(new Pending(directory, as));
      if (taken) {
        writePending();
      }
      contents(directory, path, as, depth + 1);
      if (!pending.isEmpty()) {
        pending.removeLast();
      }
    }
  }

  private void writePending() throws IOException {
    for (Pending folder : pending) {
      out.directory(folder.directory(), folder.name());
    }
    pending.clear();
  }
}
