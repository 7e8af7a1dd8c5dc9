package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * posix_spawn(3). The C library makes the child with vfork semantics: no page table is copied
 * however large this process is, and no helper program runs in between as with {@link
 * ProcessBuilder}.
 *
 * <p>The child belongs to the namespaces of the calling thread, so a thread that has entered others
 * starts programs there.
 */
final class Spawn {
  private static final Libc.Call POSIX_SPAWN = Libc.bind("posix_spawn", 6);
  private static final Libc.Call ACTIONS_INIT = Libc.bind("posix_spawn_file_actions_init", 1);
  private static final Libc.Call ACTIONS_DESTROY = Libc.bind("posix_spawn_file_actions_destroy", 1);
  private static final Libc.Call ADD_DUP2 = Libc.bind("posix_spawn_file_actions_adddup2", 3);
  private static final Libc.Call ADD_CLOSE = Libc.bind("posix_spawn_file_actions_addclose", 2);
  private static final Libc.Call ADD_OPEN = Libc.bind("posix_spawn_file_actions_addopen", 5);
  private static final Libc.Call ADD_CHDIR = Libc.bind("posix_spawn_file_actions_addchdir_np", 2);
  private static final Libc.Call ADD_CLOSE_FROM =
      Libc.bind("posix_spawn_file_actions_addclosefrom_np", 2);
  private static final Libc.Call ATTR_INIT = Libc.bind("posix_spawnattr_init", 1);
  private static final Libc.Call ATTR_DESTROY = Libc.bind("posix_spawnattr_destroy", 1);
  private static final Libc.Call ATTR_SET_FLAGS = Libc.bind("posix_spawnattr_setflags", 2);
  private static final Libc.Call ATTR_SET_DEFAULT = Libc.bind("posix_spawnattr_setsigdefault", 2);
  private static final Libc.Call ATTR_SET_MASK = Libc.bind("posix_spawnattr_setsigmask", 2);
  private static final Libc.Call FCNTL = Libc.bind("fcntl", 3);

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SETSID = 0x80;

  /** Above glibc's posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128). */
  private static final int STRUCTURE = 512;

  private Spawn() {}

  /** The number of the new process, which is a child of this one. */
  static int spawn(Command command) {
    try (Arena arena = Arena.ofConfined();
        Scratch s = Scratch.take()) {
      MemorySegment actions = arena.allocate(STRUCTURE, 16);
      MemorySegment attributes = arena.allocate(STRUCTURE, 16);
      check(ACTIONS_INIT.asInt(s, actions.address()), command);
      check(ATTR_INIT.asInt(s, attributes.address()), command);
      List<Descriptor> copies = new ArrayList<>();
      try {
        attributes(s, arena, attributes.address(), command);
        actions(s, arena, actions.address(), command, copies);
        MemorySegment pid = arena.allocate(4);
        List<String> arguments = new ArrayList<>(command.arguments());
        arguments.addFirst(command.program().toString());
        List<String> variables = new ArrayList<>();
        command.environment().forEach((name, value) -> variables.add(name + "=" + value));
        check(
            POSIX_SPAWN.asInt(
                s,
                pid.address(),
                string(arena, command.program().toString()),
                actions.address(),
                attributes.address(),
                vector(arena, arguments),
                vector(arena, variables)),
            command);
        return pid.get(ValueLayout.JAVA_INT, 0);
      } finally {
        copies.forEach(Descriptor::close);
        ACTIONS_DESTROY.asInt(s, actions.address());
        ATTR_DESTROY.asInt(s, attributes.address());
      }
    }
  }

  /** A thread of the JVM blocks some signals and the JVM ignores others: the child starts clean. */
  private static void attributes(Scratch s, Arena arena, long attributes, Command command) {
    int flags = SETSIGDEF | SETSIGMASK | (command.newSession() ? SETSID : 0);
    check(ATTR_SET_FLAGS.asInt(s, attributes, flags), command);
    MemorySegment set = arena.allocate(128, 8);
    check(ATTR_SET_MASK.asInt(s, attributes, set.address()), command);
    // all but KILL, STOP and the two that the C library keeps for itself (nptl(7))
    set.set(ValueLayout.JAVA_LONG, 0, ~((1L << 8) | (1L << 18) | (1L << 31) | (1L << 32)));
    check(ATTR_SET_DEFAULT.asInt(s, attributes, set.address()), command);
  }

  private static void actions(
      Scratch s, Arena arena, long actions, Command command, List<Descriptor> copies) {
    Map<Integer, Descriptor> wanted = command.descriptors();
    int highest = Math.max(2, wanted.keySet().stream().mapToInt(n -> n).max().orElse(2));
    long devNull = string(arena, "/dev/null");
    for (int target = 0; target <= highest; target++) {
      Descriptor descriptor = wanted.get(target);
      if (descriptor != null) {
        // a copy above all targets, so that no target overwrites what is still to be copied
        Descriptor copy = above(s, descriptor, highest + 1);
        copies.add(copy);
        check(ADD_DUP2.asInt(s, actions, copy.number(), target), command);
      } else if (target <= 2) {
        int flags = target == 0 ? Abi.O_RDONLY : Abi.O_WRONLY;
        check(ADD_OPEN.asInt(s, actions, target, devNull, flags, 0), command);
      } else {
        check(ADD_CLOSE.asInt(s, actions, target), command);
      }
    }
    // glibc 2.34 and later; what the JVM opens is not all close-on-exec
    check(ADD_CLOSE_FROM.asInt(s, actions, highest + 1), command);
    command
        .directory()
        .ifPresent(d -> check(ADD_CHDIR.asInt(s, actions, string(arena, d.toString())), command));
  }

  private static Descriptor above(Scratch s, Descriptor descriptor, int lowest) {
    int fd = descriptor.enter();
    try {
      int r = FCNTL.asInt(s, fd, F_DUPFD_CLOEXEC, lowest);
      if (r < 0) {
        throw Failure.of(r, "fcntl", descriptor, "F_DUPFD_CLOEXEC");
      }
      return new Descriptor(r, descriptor.what());
    } finally {
      descriptor.leave();
    }
  }

  private static long vector(Arena arena, List<String> strings) {
    MemorySegment vector = arena.allocate(8L * (strings.size() + 1), 8);
    for (int i = 0; i < strings.size(); i++) {
      vector.setAtIndex(ValueLayout.JAVA_LONG, i, string(arena, strings.get(i)));
    }
    return vector.address();
  }

  private static long string(Arena arena, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new Fault.InvalidArgument(
          "an argument of a program must not hold NUL: \"" + text.replace("\0", "\\0") + "\"");
    }
    byte[] bytes = FileNames.encode(text);
    MemorySegment copy = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy.address();
  }

  /** These functions return the error number itself. */
  private static void check(int result, Command command) {
    if (result != 0) {
      throw Failure.of(-Math.abs(result), "posix_spawn", command);
    }
  }
}
