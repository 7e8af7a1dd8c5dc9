package dev.kemas.linux;

/**
 * How symbolic links in a path are treated when a directory is opened beneath another one
 * (openat2(2)). None of them ever leads outside.
 */
public enum Resolution {
  /** Followed as a process whose root is there would: absolute ones start at it. */
  IN_ROOT(FileCalls.RESOLVE_IN_ROOT),
  /** Followed while they stay beneath; an absolute one, or one that leads out, is an error. */
  BENEATH(FileCalls.RESOLVE_BENEATH),
  /** Not followed: any is an error. */
  NO_LINKS(FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_SYMLINKS);

  private final int flags;

  Resolution(int flags) {
    this.flags = flags | FileCalls.RESOLVE_NO_MAGICLINKS;
  }

  /**
   * Opens a directory; the caller closes it.
   *
   * @param path relative; empty for the root itself
   * @throws dev.kemas.fault.Fault.NotFound when it is not there, or something on the way is no
   *     directory
   * @throws dev.kemas.fault.Fault.InvalidArgument for a link that must not be followed
   */
  public Directory open(Directory root, String path) {
    int fd = root.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      int r =
          FileCalls.openat2(
              s, fd, s.string(path.isEmpty() ? "." : path), Abi.O_RDONLY | Abi.O_DIRECTORY, flags);
      if (r < 0) {
        throw Failure.of(r, "openat2", root.descriptor().what(), path);
      }
      return new Directory(new Descriptor(r, root.descriptor().what() + "/" + path));
    } finally {
      root.descriptor().leave();
    }
  }
}
