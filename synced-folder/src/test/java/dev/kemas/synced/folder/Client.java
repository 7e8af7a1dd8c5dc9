package dev.kemas.synced.folder;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A client's folder in memory, which can be listed and sent. */
final class Client {
  static final SortedMap<String, byte[]> NONE = Collections.unmodifiableSortedMap(new TreeMap<>());

  private record Node(Entry entry, byte[] content) {}

  private final SortedMap<String, Node> nodes = new TreeMap<>(PathOrder.INSTANCE);

  /** What was asked for the last time. */
  final List<String> asked = new ArrayList<>();

  Client file(String path, String content, long modified) {
    return file(path, content.getBytes(StandardCharsets.UTF_8), 0644, modified);
  }

  Client file(String path, byte[] content, int permissions, long modified) {
    return put(
        new Entry(path, EntryKind.FILE, permissions, 0, 0, content.length, modified, "", NONE),
        content);
  }

  Client directory(String path, long modified) {
    return put(
        new Entry(path, EntryKind.DIRECTORY, 0755, 0, 0, 0, modified, "", NONE), new byte[0]);
  }

  Client symlink(String path, String target) {
    return put(
        new Entry(path, EntryKind.SYMLINK, 0777, 0, 0, target.length(), 1, target, NONE),
        new byte[0]);
  }

  Client hardLink(String path, String target) {
    return put(new Entry(path, EntryKind.HARD_LINK, 0644, 0, 0, 0, 1, target, NONE), new byte[0]);
  }

  Client put(Entry entry, byte[] content) {
    nodes.put(entry.path(), new Node(entry, content));
    return this;
  }

  Client remove(String path) {
    nodes.keySet().removeIf(key -> key.equals(path) || key.startsWith(path + "/"));
    return this;
  }

  List<Entry> entries() {
    return nodes.values().stream().map(Node::entry).toList();
  }

  /** Sends all that is asked for. */
  SyncedFolder send(FolderSync sync) {
    send(sync, Integer.MAX_VALUE);
    return sync.finish();
  }

  /** Sends the listing and at most so many files. */
  void send(FolderSync sync, int most) {
    list(sync);
    sendFiles(sync, most);
  }

  /** Sends the listing. */
  void list(FolderSync sync) {
    nodes.values().forEach(node -> sync.announce(node.entry()));
    sync.announced();
  }

  /** Sends all that is asked for after the listing. */
  SyncedFolder sendListed(FolderSync sync) {
    sendFiles(sync, Integer.MAX_VALUE);
    return sync.finish();
  }

  private void sendFiles(FolderSync sync, int most) {
    asked.clear();
    List<Node> all = List.copyOf(nodes.values());
    int sent = 0;
    for (OptionalLong id = sync.next(); id.isPresent() && sent < most; id = sync.next()) {
      Node node = all.get((int) id.getAsLong());
      asked.add(node.entry().path());
      ByteBuffer content = ByteBuffer.wrap(node.content());
      if (content.hasRemaining()) {
        int half = content.remaining() / 2;
        sync.receive(id.getAsLong(), content.slice(0, half));
        sync.receive(id.getAsLong(), content.slice(half, content.remaining() - half));
      }
      sync.received(id.getAsLong());
      sent++;
    }
  }

  /** What the folder should look like, by path. */
  Map<String, String> wanted() {
    Map<String, String> wanted = new TreeMap<>();
    nodes.forEach((path, node) -> wanted.put(path, text(node)));
    return wanted;
  }

  private String text(Node node) {
    Entry entry = node.entry();
    return switch (entry.kind()) {
      case DIRECTORY -> "directory " + entry.modified();
      case FILE -> "file " + entry.modified() + " " + TreeText.hash(node.content());
      case HARD_LINK -> {
        Node target = nodes.get(entry.target());
        if (target == null) {
          throw new IllegalStateException(entry.target());
        }
        yield text(target);
      }
      case SYMLINK -> "symlink " + entry.target();
      case FIFO -> "fifo";
    };
  }
}
