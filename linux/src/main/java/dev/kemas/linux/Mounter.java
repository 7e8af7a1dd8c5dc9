package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.List;

/**
 * Changes the mounts of this process's mount namespace. {@link KernelMounter} does it; {@link
 * RecordingMounter} only writes it down, for tests of those who plan mounts.
 */
public interface Mounter {
  /**
   * Mounts at a directory or file that exists. The calls that mount(8) would make: a bind mount
   * with further flags is bound and then remounted, propagation is set last. Not atomic: when a
   * later call fails, the mount is undone before the fault is thrown.
   *
   * @throws dev.kemas.fault.Fault.Forbidden without CAP_SYS_ADMIN
   * @throws dev.kemas.fault.Fault.NotFound when target or source is missing
   */
  void mount(Mount mount, Path target);

  /**
   * Mounts several, each on top of the one before, as whoever emits them wants it. When one fails
   * those before it are undone.
   */
  default void mount(List<Mount> mounts, Path target) {
    int done = 0;
    try {
      for (Mount mount : mounts) {
        mount(mount, target);
        done++;
      }
    } catch (Fault e) {
      while (done-- > 0) {
        unmount(target);
      }
      throw e;
    }
  }

  /**
   * Takes away the topmost mount at the target, also while it is in use: it goes out of sight at
   * once and ends when its last user does (MNT_DETACH). A symbolic link is not followed.
   *
   * @return false when nothing is mounted there or the target does not exist
   */
  boolean unmount(Path target);
}
