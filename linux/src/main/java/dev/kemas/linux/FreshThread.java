package dev.kemas.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs work on an OS thread of its own that ends with it. For everything that changes the thread
 * itself and cannot be undone or must not leak: setns(2), unshare(2), chdir(2) after
 * unshare(CLONE_FS). Also for a downcall that blocks for long, which would hold a carrier thread.
 */
public final class FreshThread {
  private static final Libc.Call UNSHARE = Libc.bind("unshare", 1);

  private FreshThread() {}

  /** Gives the calling thread, which has to be a fresh one, a namespace of its own. */
  static void unshare(int flags) {
    try (Scratch s = Scratch.take()) {
      int r = UNSHARE.asInt(s, flags);
      if (r < 0) {
        throw Failure.of(r, "unshare", "flags 0x" + Integer.toHexString(flags));
      }
    }
  }

  /** Runs the work and hands back what it returned; what it threw is thrown here. */
  public static <T> T call(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("kemas-" + name).daemon(true).start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          // the work goes on and may change the kernel's state: its end must be seen
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrow(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same for work without a result. */
  public static void run(String name, Runnable work) {
    call(
        name,
        () -> {
          work.run();
          return true;
        });
  }

  private static RuntimeException rethrow(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException("work on a fresh thread failed", cause);
    };
  }
}
