package dev.kemas.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Extended attributes (xattr(7)), by path without following the last component, or by descriptor.
 */
final class Xattrs {
  /** XATTR_SIZE_MAX: the most that a value or a list of names takes (limits.h). */
  private static final int MOST = 65536;

  private Xattrs() {}

  static void set(String path, String attribute, byte[] value) {
    try (Scratch s = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      MemorySegment v = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
      int r =
          FileCalls.LSETXATTR.asInt(
              s, s.string(path), s.string(attribute), v.address(), value.length, 0);
      check(r, "lsetxattr", path, attribute);
    }
  }

  static void set(Descriptor file, String attribute, byte[] value) {
    int fd = file.enter();
    try (Scratch s = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      MemorySegment v = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
      int r = FileCalls.FSETXATTR.asInt(s, fd, s.string(attribute), v.address(), value.length, 0);
      check(r, "fsetxattr", file, attribute);
    } finally {
      file.leave();
    }
  }

  static Optional<byte[]> get(String path, String attribute) {
    try (Scratch s = Scratch.take()) {
      long p = s.string(path);
      long a = s.string(attribute);
      MemorySegment room = s.rest();
      long n = FileCalls.LGETXATTR.asLong(s, p, a, room.address(), room.byteSize());
      if (n == -Errno.ERANGE.number()) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment large = arena.allocate(MOST);
          n = FileCalls.LGETXATTR.asLong(s, p, a, large.address(), MOST);
          return value(n, large, path, attribute);
        }
      }
      return value(n, room, path, attribute);
    }
  }

  private static Optional<byte[]> get(Descriptor file, String attribute) {
    int fd = file.enter();
    try (Scratch s = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      MemorySegment large = arena.allocate(MOST);
      long n = FileCalls.FGETXATTR.asLong(s, fd, s.string(attribute), large.address(), MOST);
      return value(n, large, file, attribute);
    } finally {
      file.leave();
    }
  }

  private static Optional<byte[]> value(long n, MemorySegment room, Object file, String attribute) {
    if (absent(n)) {
      return Optional.empty();
    }
    check(n, "getxattr", file, attribute);
    return Optional.of(room.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
  }

  static Map<String, byte[]> all(String path) {
    try (Scratch s = Scratch.take()) {
      long p = s.string(path);
      MemorySegment room = s.rest();
      long n = FileCalls.LLISTXATTR.asLong(s, p, room.address(), room.byteSize());
      if (absent(n) || n == 0) {
        return Map.of();
      }
      check(n, "llistxattr", path);
      Map<String, byte[]> all = new TreeMap<>();
      for (String name : names(room, n)) {
        get(path, name).ifPresent(value -> all.put(name, value));
      }
      return all;
    }
  }

  static Map<String, byte[]> all(Descriptor file) {
    int fd = file.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment room = s.rest();
      long n = FileCalls.FLISTXATTR.asLong(s, fd, room.address(), room.byteSize());
      if (absent(n) || n == 0) {
        return Map.of();
      }
      check(n, "flistxattr", file);
      Map<String, byte[]> all = new TreeMap<>();
      for (String name : names(room, n)) {
        get(file, name).ifPresent(value -> all.put(name, value));
      }
      return all;
    } finally {
      file.leave();
    }
  }

  private static List<String> names(MemorySegment room, long length) {
    byte[] bytes = room.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    List<String> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        names.add(FileNames.decode(bytes, from, i - from));
        from = i + 1;
      }
    }
    return names;
  }

  /** No such attribute, or a file system that has none at all. */
  private static boolean absent(long n) {
    return n == -Errno.ENODATA.number() || n == -Errno.EOPNOTSUPP.number();
  }

  private static void check(long result, String call, Object... arguments) {
    if (result < 0) {
      throw Failure.of(result, call, arguments);
    }
  }
}
