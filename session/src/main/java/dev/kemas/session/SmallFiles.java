package dev.kemas.session;

import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileTarget;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Some small files in memory, with the links and directories on the way to them. One thread. */
final class SmallFiles implements FileTarget {
  private static final int MOST = 16 << 20;
  private static final int MOST_ENTRIES = 10_000;
  private static final int MOST_LINKS = 40;

  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Long, String> offered = new HashMap<>();
  private final Deque<Long> wanted = new ArrayDeque<>();
  private final Map<String, ByteArrayOutputStream> contents = new HashMap<>();
  private long listed;
  private long size;
  private int open;
  private boolean ended;

  @Override
  public void announce(Entry entry) {
    if (entries.size() >= MOST_ENTRIES) {
      throw new Fault.ResourceExhausted(
          "the client sends more than " + MOST_ENTRIES + " entries where one file was asked for");
    }
    entries.put(entry.path(), entry);
    if (entry.kind() == EntryKind.FILE) {
      if (entry.size() > MOST) {
        throw tooLarge(entry.path());
      }
      offered.put(listed, entry.path());
      wanted.add(listed);
    }
    listed++;
  }

  private static Fault tooLarge(String path) {
    return new Fault.InvalidArgument(path + " is larger than the " + MOST + " bytes allowed");
  }

  @Override
  public void announced() {
    ended = true;
  }

  @Override
  public OptionalLong next() {
    Long id = wanted.poll();
    if (id == null) {
      return OptionalLong.empty();
    }
    open++;
    return OptionalLong.of(id);
  }

  private ByteArrayOutputStream content(long id) {
    String path = offered.get(id);
    if (path == null || wanted.contains(id)) {
      throw new Fault.InvalidArgument("the client sends a file that it was not asked for");
    }
    return contents.computeIfAbsent(path, none -> new ByteArrayOutputStream());
  }

  @Override
  public void receive(long id, ByteBuffer bytes) {
    size += bytes.remaining();
    if (size > MOST) {
      throw tooLarge(offered.getOrDefault(id, ""));
    }
    byte[] part = new byte[bytes.remaining()];
    bytes.duplicate().get(part);
    content(id).writeBytes(part);
  }

  @Override
  public void received(long id) {
    content(id);
    offered.remove(id);
    open--;
  }

  @Override
  public boolean complete() {
    return ended && open == 0 && wanted.isEmpty();
  }

  /** A file's content, links on the way followed within the folder. */
  Optional<byte[]> find(String path) {
    String at = clean("", path);
    for (int links = 0; links < MOST_LINKS; links++) {
      String link = firstLink(at);
      if (link.isEmpty()) {
        Entry entry = entries.get(at);
        String file = entry != null && entry.kind() == EntryKind.HARD_LINK ? entry.target() : at;
        return Optional.ofNullable(contents.get(file)).map(ByteArrayOutputStream::toByteArray);
      }
      Entry entry = entries.get(link);
      String target = entry == null ? "" : entry.target();
      String folder = link.substring(0, Math.max(0, link.lastIndexOf('/')));
      at = clean(folder, target + at.substring(link.length()));
    }
    throw new Fault.InvalidArgument(path + " leads through too many symbolic links");
  }

  /** The first part of a path that is a link; empty when none is. */
  private String firstLink(String path) {
    for (int slash = path.indexOf('/'); ; slash = path.indexOf('/', slash + 1)) {
      String part = slash < 0 ? path : path.substring(0, slash);
      Entry entry = entries.get(part);
      if (entry != null && entry.kind() == EntryKind.SYMLINK) {
        return part;
      }
      if (slash < 0) {
        return "";
      }
    }
  }

  /** A path in a folder, or from the root, without dots; two dots stop at the root. */
  private static String clean(String folder, String path) {
    Path root = Path.of("/");
    return root.relativize(root.resolve(folder).resolve(path).normalize()).toString();
  }
}
