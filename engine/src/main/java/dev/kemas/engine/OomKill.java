package dev.kemas.engine;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.linux.Signal;

/** Whether the kernel ended a container because it was out of memory. */
final class OomKill {
  private static final int KILLED = 128 + Signal.KILL.number();

  private OomKill() {}

  /**
   * Asked when the process has ended and its cgroup is still there.
   *
   * @param cgroup the container's
   */
  static boolean happened(Container container, int exitCode, String cgroup) {
    return exitCode == KILLED
        && !container.stoppedByUser()
        && container.host().resources().memory() > 0
        && Cgroups.detect().at(cgroup).stats().memory().oomKills() > 0;
  }
}
