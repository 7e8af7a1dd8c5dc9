package dev.kemas.build;

import java.nio.file.Path;

/** Contents of cache mounts that other machines left. Safe for several threads. */
public interface MountSource {

  /** What it does, as progress has it: {@code importing cache mount pip from host/app:cache}. */
  String title(TravellingMount mount);

  /**
   * Brings into a mount what it has not; what is there stays. A step waits for it. It goes on with
   * the mount as it was, and with a warning, where this throws.
   *
   * @param files the mount's root, which others may use meanwhile
   * @param beside of the same file system; what is made there is removed at the latest by the next
   *     process
   * @throws dev.kemas.fault.Fault.NotFound when there is nothing
   * @throws dev.kemas.fault.Fault.DataLoss when what is there cannot be
   */
  void restore(
      TravellingMount mount,
      Path files,
      Path beside,
      BuildRequest.Logins logins,
      TaskProgress progress,
      Cancellation cancelled);
}
