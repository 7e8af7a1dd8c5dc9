package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;

/**
 * A copy of a program in memory that nobody can change any more (memfd_create(2), sealed).
 *
 * <p>An OCI runtime guards its own binary against the container it makes: each time it starts, it
 * mounts or copies itself and executes that copy, unless it finds that it already is a sealed one.
 * Started from here it need not, which saves a mount, an unmount and an exec every time.
 */
public final class SealedProgram implements AutoCloseable {
  private static final Libc.Call MEMFD_CREATE = Libc.bind("memfd_create", 2);
  private static final Libc.Call FCNTL = Libc.bind("fcntl", 3);
  private static final int MFD_CLOEXEC = 0x1;
  private static final int MFD_ALLOW_SEALING = 0x2;
  private static final int MFD_EXEC = 0x10;
  private static final int F_ADD_SEALS = 1033;

  /** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE: what runtimes look for, no more. */
  private static final int SEALS = 0x1 | 0x2 | 0x4 | 0x8;

  private final Path source;
  private final Stat version;
  private final OpenFile copy;

  private SealedProgram(Path source, Stat version, OpenFile copy) {
    this.source = source;
    this.version = version;
    this.copy = copy;
  }

  /**
   * Copies a program.
   *
   * @throws Fault.NotFound when there is none
   * @throws Fault when this kernel does not execute what lies in memory (vm.memfd_noexec)
   */
  public static SealedProgram of(Path program) {
    try (RootDir root = RootDir.open(Path.of("/"));
        OpenFile from = root.openForRead(program.toString())) {
      OpenFile copy = new OpenFile(memory(program));
      try {
        copy.copyFrom(from);
        int fd = copy.descriptor().enter();
        try (Scratch s = Scratch.take()) {
          int r = FCNTL.asInt(s, fd, F_ADD_SEALS, SEALS);
          if (r < 0) {
            throw Failure.of(r, "fcntl", program, "F_ADD_SEALS");
          }
        } finally {
          copy.descriptor().leave();
        }
        return new SealedProgram(program, from.stat(), copy);
      } catch (Fault e) {
        copy.close();
        throw e;
      }
    }
  }

  private static Descriptor memory(Path program) {
    try (Scratch s = Scratch.take()) {
      long name = s.string(String.valueOf(program.getFileName()));
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      int fd = MEMFD_CREATE.asInt(s, name, flags | MFD_EXEC);
      if (fd == -Errno.EINVAL.number()) {
        // before Linux 6.3 everything in memory could be executed
        fd = MEMFD_CREATE.asInt(s, name, flags);
      }
      if (fd < 0) {
        throw Failure.of(fd, "memfd_create", program);
      }
      return new Descriptor(fd, "copy of " + program);
    }
  }

  /** Where any process of this machine's PID namespace can execute it, while this process lives. */
  public Path path() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + copy.descriptor().number());
  }

  /** Whether the program on disk is still the one that was copied; an update replaces it. */
  public boolean isCurrent() {
    try (RootDir root = RootDir.open(Path.of("/"))) {
      return root.stat(source.toString())
          .filter(now ->
              now.isSameFile(version)
                  && now.size() == version.size()
                  && now.modified().equals(version.modified()))
          .isPresent();
    }
  }

  /** Lets the copy go; what was started from it runs on. */
  @Override
  public void close() {
    copy.close();
  }
}
