package dev.kemas.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/** The calls on files behind {@link Directory} and {@link OpenFile}, on bare numbers. */
final class FileCalls {
  static final Libc.Call OPENAT = Libc.bind("openat", 4);
  static final Libc.Call MKDIRAT = Libc.bind("mkdirat", 3);
  static final Libc.Call MKNODAT = Libc.bind("mknodat", 4);
  static final Libc.Call SYMLINKAT = Libc.bind("symlinkat", 3);
  static final Libc.Call LINKAT = Libc.bind("linkat", 5);
  static final Libc.Call UNLINKAT = Libc.bind("unlinkat", 3);
  static final Libc.Call RENAMEAT2 = Libc.bind("renameat2", 5);
  static final Libc.Call READLINKAT = Libc.bind("readlinkat", 4);
  static final Libc.Call FCHOWNAT = Libc.bind("fchownat", 5);
  static final Libc.Call FCHMOD = Libc.bind("fchmod", 2);
  static final Libc.Call FCHMODAT = Libc.bind("fchmodat", 4);
  static final Libc.Call UTIMENSAT = Libc.bind("utimensat", 4);
  static final Libc.Call FUTIMENS = Libc.bind("futimens", 2);
  static final Libc.Call STATX = Libc.bind("statx", 5);
  static final Libc.Call GETDENTS = Libc.bind("getdents64", 3);
  static final Libc.Call LSEEK = Libc.bind("lseek", 3);
  static final Libc.Call FTRUNCATE = Libc.bind("ftruncate", 2);
  static final Libc.Call SYNCFS = Libc.bind("syncfs", 1);
  static final Libc.Call COPY_FILE_RANGE = Libc.bind("copy_file_range", 6);
  static final Libc.Call IOCTL = Libc.bind("ioctl", 3);
  static final Libc.Call LSETXATTR = Libc.bind("lsetxattr", 5);
  static final Libc.Call LGETXATTR = Libc.bind("lgetxattr", 4);
  static final Libc.Call LLISTXATTR = Libc.bind("llistxattr", 3);
  static final Libc.Call LREMOVEXATTR = Libc.bind("lremovexattr", 2);
  static final Libc.Call FSETXATTR = Libc.bind("fsetxattr", 5);
  static final Libc.Call FGETXATTR = Libc.bind("fgetxattr", 4);
  static final Libc.Call FLISTXATTR = Libc.bind("flistxattr", 3);

  static final int RESOLVE_NO_XDEV = 0x01;
  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_NO_SYMLINKS = 0x04;
  static final int RESOLVE_BENEATH = 0x08;
  static final int RESOLVE_IN_ROOT = 0x10;

  private static final int OPEN_HOW = 24;

  private FileCalls() {}

  /** openat2(2); always close-on-exec. A descriptor, or the negated error number. */
  static int openat2(Scratch s, int directory, long path, int flags, int resolve) {
    MemorySegment how = s.room(OPEN_HOW);
    how.set(ValueLayout.JAVA_LONG, 0, flags | Abi.O_CLOEXEC);
    how.set(ValueLayout.JAVA_LONG, 8, 0);
    how.set(ValueLayout.JAVA_LONG, 16, resolve);
    int r = 0;
    // a rename elsewhere during a scoped walk makes the kernel give up with EAGAIN (openat2(2))
    for (int i = 0; i < 100; i++) {
      r = Abi.SYSCALL4.asInt(s, Abi.NR_OPENAT2, directory, path, how.address(), OPEN_HOW);
      if (r != -Errno.EAGAIN.number()) {
        return r;
      }
    }
    return r;
  }

  /** Two struct timespec: access, modification. */
  static MemorySegment times(Scratch s, Instant accessed, Instant modified) {
    MemorySegment t = s.room(32);
    t.set(ValueLayout.JAVA_LONG, 0, accessed.getEpochSecond());
    t.set(ValueLayout.JAVA_LONG, 8, accessed.getNano());
    t.set(ValueLayout.JAVA_LONG, 16, modified.getEpochSecond());
    t.set(ValueLayout.JAVA_LONG, 24, modified.getNano());
    return t;
  }

  /** The kernel's encoding of a device number (makedev(3)). */
  static long device(int major, int minor) {
    return (major & 0xfffL) << 8
        | (major & 0xfffff000L) << 32
        | (minor & 0xffL)
        | (minor & 0xffffff00L) << 12;
  }
}
