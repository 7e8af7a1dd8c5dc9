package dev.kemas.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Mount namespaces (mount_namespaces(7)). */
public final class MountNamespace {
  private static final int CLONE_NEWNS = 0x20000;

  private MountNamespace() {}

  /**
   * Runs work on a thread of its own that sees a private copy of the mounts: what it mounts and
   * unmounts is seen by nobody else and ends with it, and programs that it starts see the same.
   */
  public static <T> T callInCopy(String name, Callable<T> work) {
    return FreshThread.call(
        name,
        () -> {
          FreshThread.unshare(CLONE_NEWNS);
          new KernelMounter().mount(new Mount("none", "none", List.of("rprivate")), Path.of("/"));
          return work.call();
        });
  }
}
