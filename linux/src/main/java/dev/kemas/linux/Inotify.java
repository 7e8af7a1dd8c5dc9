package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of changes in directories and files as they happen (inotify(7)). One instance serves any
 * number of watches, since the kernel allows a user few instances (128 by default).
 *
 * <p>Events are delivered one after the other on one thread of this instance, so a listener must be
 * short; what it throws ends nothing but its own call and is handed to the thread's handler of
 * uncaught exceptions. A watch sees what happens after {@link #watch} has returned: look first at
 * what is there afterwards, not before.
 */
public final class Inotify implements AutoCloseable {
  private static final Libc.Call INIT = Libc.bind("inotify_init1", 1);
  private static final Libc.Call ADD_WATCH = Libc.bind("inotify_add_watch", 3);
  private static final Libc.Call RM_WATCH = Libc.bind("inotify_rm_watch", 2);
  private static final int IN_MASK_ADD = 0x20000000;
  private static final int IN_IGNORED = 0x8000;
  private static final int HEADER = 16;

  private final Descriptor descriptor;
  private final Map<Integer, List<Watch>> watches = new HashMap<>();

  /** What happened. */
  public enum Kind {
    /** A file's content changed. */
    MODIFIED(0x002),
    /** A file that was open for writing was closed. */
    WRITTEN(0x008),
    /** An entry was moved away, or the watched file itself was. */
    MOVED_AWAY(0x040 | 0x800),
    /** An entry came by a rename. */
    MOVED_HERE(0x080),
    /** An entry was made. */
    CREATED(0x100),
    /** An entry was removed, or the watched file itself was. */
    DELETED(0x200 | 0x400),
    /** Events were lost; look at everything again. Comes unasked. */
    OVERFLOW(0x4000);
    private final int mask;

    Kind(int mask) {
      this.mask = mask;
    }
  }

  /**
   * An event.
   *
   * @param kind what happened
   * @param name the entry of the watched directory; empty for the watched file itself
   */
  public record Event(Kind kind, String name) {}

  private Inotify(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** An instance without watches. */
  public static Inotify open() {
    try (Scratch s = Scratch.take()) {
      int fd = INIT.asInt(s, Abi.O_CLOEXEC | Abi.O_NONBLOCK);
      if (fd < 0) {
        throw Failure.of(fd, "inotify_init1");
      }
      Inotify inotify = new Inotify(new Descriptor(fd, "inotify"));
      Thread.ofVirtual().name("kemas-inotify").start(inotify::loop);
      return inotify;
    }
  }

  /** A place that is watched, until it is closed. */
  public final class Watch implements AutoCloseable {
    private final int id;
    private final Path path;
    private final Set<Kind> kinds;
    private final Consumer<Event> listener;

    private Watch(int id, Path path, Set<Kind> kinds, Consumer<Event> listener) {
      this.id = id;
      this.path = path;
      this.kinds = kinds;
      this.listener = listener;
    }

    /** What is watched. */
    public Path path() {
      return path;
    }

    /** Ends it; an event that is being delivered may still arrive. */
    @Override
    public void close() {
      remove(this);
    }
  }

  /**
   * Watches a directory or a file.
   *
   * @throws Fault.NotFound when it does not exist
   * @throws Fault.ResourceExhausted when the user has too many watches
   *     (fs.inotify.max_user_watches)
   */
  public Watch watch(Path path, Set<Kind> kinds, Consumer<Event> listener) {
    int mask = kinds.stream().mapToInt(k -> k.mask).reduce(0, (a, b) -> a | b);
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      synchronized (watches) {
        int id = ADD_WATCH.asInt(s, fd, s.string(path.toString()), mask | IN_MASK_ADD);
        if (id < 0) {
          throw Failure.of(id, "inotify_add_watch", path);
        }
        Watch watch = new Watch(id, path, EnumSet.copyOf(kinds), listener);
        watches.computeIfAbsent(id, i -> new ArrayList<>()).add(watch);
        return watch;
      }
    } finally {
      descriptor.leave();
    }
  }

  private void remove(Watch watch) {
    synchronized (watches) {
      List<Watch> same = watches.get(watch.id);
      if (same == null || !same.remove(watch) || !same.isEmpty()) {
        return;
      }
      watches.remove(watch.id);
      if (descriptor.isClosed()) {
        return;
      }
      int fd = descriptor.enter();
      try (Scratch s = Scratch.take()) {
        int r = RM_WATCH.asInt(s, fd, watch.id);
        // gone by itself when the file was deleted
        if (r < 0 && r != -Errno.EINVAL.number()) {
          throw Failure.of(r, "inotify_rm_watch", watch.path);
        }
      } finally {
        descriptor.leave();
      }
    }
  }

  private void loop() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment buffer = arena.allocate(16 * 1024, 8);
      while (!descriptor.isClosed()) {
        int n = read(buffer);
        for (int at = 0; at < n; ) {
          int length = buffer.get(ValueLayout.JAVA_INT, at + 12L);
          int id = buffer.get(ValueLayout.JAVA_INT, at);
          int mask = buffer.get(ValueLayout.JAVA_INT, at + 4L);
          deliver(id, mask, length == 0 ? "" : name(buffer.asSlice(at + HEADER, length)));
          at += HEADER + length;
        }
      }
    } catch (Fault.Unavailable closed) {
      // the one way to end this: close() was called, or the fault tells of a bug
      if (!descriptor.isClosed()) {
        throw closed;
      }
    }
  }

  private int read(MemorySegment buffer) {
    java.nio.ByteBuffer into = buffer.asByteBuffer();
    return descriptor.read(into);
  }

  private static String name(MemorySegment padded) {
    byte[] bytes = padded.toArray(ValueLayout.JAVA_BYTE);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return FileNames.decode(bytes, 0, length);
  }

  private void deliver(int id, int mask, String name) {
    List<Watch> told = new ArrayList<>();
    synchronized (watches) {
      if ((mask & Kind.OVERFLOW.mask) != 0) {
        watches.values().forEach(told::addAll);
      } else {
        told.addAll(watches.getOrDefault(id, List.of()));
      }
      if ((mask & IN_IGNORED) != 0) {
        watches.remove(id);
        return;
      }
    }
    for (Kind kind : Kind.values()) {
      if ((mask & kind.mask) == 0) {
        continue;
      }
      for (Watch watch : told) {
        if (kind == Kind.OVERFLOW || watch.kinds.contains(kind)) {
          tell(watch, new Event(kind, name));
        }
      }
    }
  }

  private static void tell(Watch watch, Event event) {
    try {
      watch.listener.accept(event);
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** Ends all watches. */
  @Override
  public void close() {
    descriptor.close();
    synchronized (watches) {
      watches.clear();
    }
  }
}
