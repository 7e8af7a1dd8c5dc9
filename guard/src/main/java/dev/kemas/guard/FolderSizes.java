package dev.kemas.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums by folder, down to a depth that bounds the memory. */
final class FolderSizes {
  private static final int DEPTH = 9;
  private static final double MOST = 0.8;

  /** A folder, or a file that lies where folders are shown. */
  record Folder(String path, long bytes) {}

  private static final class Node {
    private final Map<String, Node> members = new TreeMap<>();
    private long bytes;
  }

  private final Node root = new Node();

  void add(String path, long bytes) {
    Node node = root;
    node.bytes += bytes;
    int depth = 0;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      if (depth == DEPTH) {
        return;
      }
      node = node.members.computeIfAbsent(part, p -> new Node());
      node.bytes += bytes;
      depth++;
    }
  }

  /** The largest members of the deepest folder that holds nearly everything. */
  List<Folder> largest(int most) {
    Node node = root;
    String path = "";
    while (true) {
      Map.Entry<String, Node> main = null;
      for (Map.Entry<String, Node> member : node.members.entrySet()) {
        if (member.getValue().bytes > node.bytes * MOST && !member.getValue().members.isEmpty()) {
          main = member;
        }
      }
      if (main == null) {
        break;
      }
      path = path + "/" + main.getKey();
      node = main.getValue();
    }
    List<Folder> folders = new ArrayList<>();
    for (Map.Entry<String, Node> member : node.members.entrySet()) {
      folders.add(new Folder(path + "/" + member.getKey(), member.getValue().bytes));
    }
    folders.sort(Comparator.comparingLong(Folder::bytes).reversed());
    return folders.subList(0, Math.min(most, folders.size()));
  }
}
