package dev.kemas.build.files;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.FirstNames;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The copy of one tree; keeps the directories open in which it is. */
final class TreeCopy implements SourceTree.Visitor, AutoCloseable {

  /**
   * Where entries go that the target does not have.
   *
   * @param directory closed by whom it is given to
   * @param latest no later time will stay
   * @param together is told of files there that are hard links of files in the target, or the other
   *     way round
   */
  record Room(Directory directory, Optional<Instant> latest, Together together) {}

  /** Links two names, relative to the target, once both are in it. */
  interface Together {
    void link(String first, String second);
  }

  private record Level(String path, Directory directory) {}

  private record Finish(Directory parent, String name, Stat stat, Map<String, byte[]> xattrs) {}

  private final SourceTree from;
  private final Attributes as;
  private final Directory target;
  private final Supplier<Optional<Room>> asking;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Deque<Finish> unfinished = new ArrayDeque<>();
  private final FirstNames linked = new FirstNames();
  private final Set<String> inRoom = new HashSet<>();
  private Optional<Room> room = Optional.empty();
  private boolean asked;

  /**
   * @param target not closed
   * @param room asked for when there is something new, once
   */
  TreeCopy(SourceTree from, Attributes as, Directory target, Supplier<Optional<Room>> room) {
    this.from = from;
    this.as = as;
    this.target = target;
    this.asking = room;
  }

  private Optional<Room> room() {
    if (!asked) {
      asked = true;
      room = asking.get();
    }
    return room;
  }

  void leaveAll() {
    while (!levels.isEmpty()) {
      leave();
    }
  }

  private void leave() {
    levels.pop().directory().close();
    Finish finish = unfinished.pop();
    // a directory's time must not be that of our writing in it
    as.apply(from, finish.parent(), finish.name(), finish.stat(), finish.xattrs());
  }

  /** The directory for an entry: the room, for what is new right in the target. */
  private Directory place(String path, String name) {
    Level level = levels.peek();
    if (level != null) {
      return level.directory();
    }
    if (target.stat(name).isEmpty()) {
      Optional<Room> there = room();
      if (there.isPresent()) {
        inRoom.add(path);
        return there.get().directory();
      }
    }
    return target;
  }

  @Override
  public void entry(String path, Directory source, String name, Stat stat) {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "" : path.substring(0, slash);
    while (!levels.isEmpty() && !levels.element().path().equals(folder)) {
      leave();
    }
    if (stat.type() == FileType.SOCKET) {
      return; // means nothing without the process that listens
    }
    Directory into = place(path, name);
    if (stat.type() == FileType.DIRECTORY) {
      directory(path, source, into, name, stat);
      return;
    }
    TargetTree.clear(into, name, path);
    Map<String, byte[]> xattrs = source.xattrs(name);
    if (stat.type() == FileType.REGULAR && regular(path, source, into, name, stat, xattrs)) {
      return;
    }
    switch (stat.type()) {
      case REGULAR -> {
        try (OpenFile content = source.openForRead(name);
            OpenFile file = into.create(name, 0600)) {
          file.copyFrom(content);
        }
      }
      case SYMLINK -> into.symlink(source.readlink(name), name);
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, DIRECTORY, SOCKET, UNKNOWN ->
          TargetTree.special(into, name, stat, path);
    }
    as.apply(from, into, name, stat, xattrs);
  }

  private void directory(String path, Directory source, Directory into, String name, Stat stat) {
    Optional<Stat> there = into.stat(name);
    if (there.isEmpty()) {
      into.mkdir(name, 0700);
    } else if (there.get().type() != FileType.DIRECTORY) {
      throw new Fault.InvalidArgument("cannot copy to non-directory: " + into + "/" + name);
    }
    unfinished.push(new Finish(into, name, stat, source.xattrs(name)));
    levels.push(new Level(path, into.openDirectory(name)));
  }

  /** Whether a file is there without its content being copied: by one more link to it. */
  private boolean regular(
      String path,
      Directory source,
      Directory into,
      String name,
      Stat stat,
      Map<String, byte[]> xattrs) {
    Optional<String> first = stat.links() < 2 ? Optional.empty() : linked.of(stat, path);
    boolean here = isInRoom(path);
    if (first.isPresent() && isInRoom(first.get()) == here) {
      return link(first.get(), into, name);
    }
    if (first.isPresent()) {
      // on another mount as yet: the copy becomes a link when both are together
      room().ifPresent(both -> both.together().link(first.get(), path));
      return false;
    }
    return from.lends()
        && here
        && staysAsItIs(stat)
        && as.leave(from, stat, xattrs)
        && into.linkIfPossible(source, name, name);
  }

  private boolean isInRoom(String path) {
    return inRoom.contains(path.split("/", 2)[0]);
  }

  private boolean staysAsItIs(Stat stat) {
    return room().flatMap(Room::latest).filter(latest -> stat.modified().isAfter(latest)).isEmpty();
  }

  /** Hard links within one copied tree stay hard links. */
  private boolean link(String first, Directory into, String name) {
    String[] parts = first.split("/", -1);
    List<Directory> opened = new ArrayList<>();
    try {
      Directory at =
          inRoom.contains(parts[0]) ? room().map(Room::directory).orElse(target) : target;
      for (String part : List.of(parts).subList(0, parts.length - 1)) {
        at = at.openDirectory(part);
        opened.add(at);
      }
      return into.linkIfPossible(at, parts[parts.length - 1], name);
    } finally {
      opened.reversed().forEach(Directory::close);
    }
  }

  @Override
  public void close() {
    levels.forEach(level -> level.directory().close());
    room.ifPresent(known -> known.directory().close());
  }
}
