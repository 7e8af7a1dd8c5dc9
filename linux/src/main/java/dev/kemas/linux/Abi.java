package dev.kemas.linux;

/**
 * Numbers that the kernel's headers define and that this module passes: the flags of open(2) and
 * the *at calls (fcntl.h), and the calls that the C library has no wrapper for
 * (asm-generic/unistd.h; from 424 on the numbers are the same on every architecture).
 */
final class Abi {
  static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOCTTY = 0x100;
  static final int O_TRUNC = 0x200;
  static final int O_APPEND = 0x400;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECTORY = ARM64 ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = ARM64 ? 0x8000 : 0x20000;
  static final int O_NOATIME = 0x40000;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  static final int NR_PIDFD_SEND_SIGNAL = 424;
  static final int NR_OPEN_TREE = 428;
  static final int NR_MOVE_MOUNT = 429;
  static final int NR_FSOPEN = 430;
  static final int NR_FSCONFIG = 431;
  static final int NR_FSMOUNT = 432;
  static final int NR_PIDFD_OPEN = 434;
  static final int NR_OPENAT2 = 437;
  static final int NR_MOUNT_SETATTR = 442;
  static final int NR_FCHMODAT2 = 452;

  /** syscall(2) itself, for the numbers above. */
  static final Libc.Call SYSCALL4 = Libc.bind("syscall", 5);

  static final Libc.Call SYSCALL5 = Libc.bind("syscall", 6);

  private Abi() {}
}
