package dev.kemas.session.client;

import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileTarget;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A folder that a result is laid into, beside what is there. Files are the caller's own. Nothing
 * leads out of it, whatever is listed and whatever links are there. One thread.
 */
final class FolderTarget implements FileTarget, AutoCloseable {
  private static final int AT_ONCE = 64;
  private static final String DRAFT = ".kemas-export-";

  private record Wanted(long id, Entry entry) {}

  /** A file that comes. */
  private record Coming(Entry entry, String draft, OpenFile file) {}

  private final RootDir root;
  private final String draftPrefix = DRAFT + ProcessHandle.current().pid() + "-";
  private final Deque<Wanted> wanted = new ArrayDeque<>();
  private final Map<Long, Entry> asked = new HashMap<>();
  private final Map<Long, Coming> coming = new HashMap<>();
  private final List<Entry> links = new ArrayList<>();
  private final List<Entry> directories = new ArrayList<>();
  private long listed;
  private boolean ended;
  private boolean finished;

  FolderTarget(Path folder) {
    this.root = RootDir.open(folder);
  }

  @Override
  public void announce(Entry entry) {
    switch (entry.kind()) {
      case DIRECTORY -> directory(entry);
      case FILE -> wanted.add(new Wanted(listed, entry));
      case HARD_LINK -> links.add(entry);
      case SYMLINK, FIFO -> special(entry);
    }
    listed++;
  }

  private void directory(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    Optional<Stat> there = place.directory().stat(place.name());
    if (there.filter(stat -> stat.type() == FileType.DIRECTORY).isEmpty()) {
      there.ifPresent(stat -> place.directory().unlink(place.name()));
      place.directory().mkdir(place.name(), 0755);
      root.forget();
    }
    directories.add(entry);
  }

  private void special(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    clear(place, entry);
    if (entry.kind() == EntryKind.SYMLINK) {
      place.directory().symlink(entry.target(), place.name());
    } else {
      place.directory().mknod(place.name(), FileType.FIFO, entry.permissions(), 0, 0);
    }
    place.directory().times(place.name(), time(entry), time(entry));
  }

  private static void clear(RootDir.Place place, Entry entry) {
    Optional<Stat> there = place.directory().stat(place.name());
    if (there.filter(stat -> stat.type() == FileType.DIRECTORY).isPresent()) {
      throw new Fault.Conflict(
          "\"" + entry.path() + "\" is a directory here and none in the result: remove it first");
    }
    place.directory().unlink(place.name());
  }

  private static Instant time(Entry entry) {
    return Instant.EPOCH.plusNanos(entry.modified());
  }

  @Override
  public void announced() {
    ended = true;
  }

  @Override
  public OptionalLong next() {
    Wanted next = asked.size() + coming.size() >= AT_ONCE ? null : wanted.poll();
    if (next == null) {
      return OptionalLong.empty();
    }
    asked.put(next.id(), next.entry());
    return OptionalLong.of(next.id());
  }

  private Coming coming(long id) {
    Coming known = coming.get(id);
    if (known != null) {
      return known;
    }
    Entry entry = asked.remove(id);
    if (entry == null) {
      throw new Fault.DataLoss("the daemon sends the file " + id + ", which it was not asked for");
    }
    String draft = draftPrefix + id;
    Coming begun = new Coming(entry, draft, place(entry, draft).create(draft, 0600));
    coming.put(id, begun);
    return begun;
  }

  /** The draft lies beside its place, so that it is on the same disk. */
  private Directory place(Entry entry, String draft) {
    String parent = entry.path().substring(0, entry.path().lastIndexOf('/') + 1);
    return root.at(parent + draft).directory();
  }

  @Override
  public void receive(long id, ByteBuffer content) {
    coming(id).file().write(content);
  }

  @Override
  public void received(long id) {
    Coming done = coming(id);
    Entry entry = done.entry();
    try (OpenFile file = done.file()) {
      file.chmod(entry.permissions());
      file.times(time(entry), time(entry));
    }
    RootDir.Place place = root.at(entry.path());
    place
        .directory()
        .rename(done.draft(), place.directory(), place.name(), Directory.Rename.REPLACE);
    coming.remove(id);
  }

  @Override
  public boolean complete() {
    boolean complete = ended && wanted.isEmpty() && asked.isEmpty() && coming.isEmpty();
    if (complete && !finished) {
      finished = true;
      links.forEach(this::link);
      directories.reversed().forEach(this::attributes);
    }
    return complete;
  }

  private void link(Entry entry) {
    RootDir.Place target = root.at(entry.target());
    String parent = target.directory().toString();
    Optional<Stat> file = target.directory().stat(target.name());
    if (file.filter(stat -> stat.type() == FileType.REGULAR).isEmpty()) {
      throw new Fault.DataLoss(
          "\"" + entry.path() + "\" is a hard link to what is no file in " + parent);
    }
    try (Directory from = open(entry.target())) {
      RootDir.Place place = root.at(entry.path());
      clear(place, entry);
      place.directory().link(from, target.name(), place.name());
    }
  }

  private Directory open(String path) {
    return root.openDirectory(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
  }

  private void attributes(Entry entry) {
    RootDir.Place place = root.at(entry.path());
    place.directory().chmod(place.name(), entry.permissions());
    place.directory().times(place.name(), time(entry), time(entry));
  }

  /** Drops what did not come to its end. */
  @Override
  public void close() {
    coming
        .values()
        .forEach(left -> {
          left.file().close();
          place(left.entry(), left.draft()).unlink(left.draft());
        });
    root.close();
  }
}
