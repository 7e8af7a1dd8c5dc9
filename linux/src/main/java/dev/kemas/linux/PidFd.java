package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.time.Duration;
import java.util.Optional;

/**
 * A process held by a descriptor (pidfd_open(2)): a signal through it can reach no other process
 * that was given the same number later. It need not be a child.
 */
public final class PidFd implements AutoCloseable {
  /** More would overflow in nanoseconds; it stands for "for ever". */
  private static final Duration LONGEST = Duration.ofDays(100L * 365);

  private final int pid;
  private final Descriptor descriptor;

  private PidFd(int pid, Descriptor descriptor) {
    this.pid = pid;
    this.descriptor = descriptor;
  }

  /** Holds a process by its number; empty when there is none. */
  public static Optional<PidFd> open(int pid) {
    try (Scratch s = Scratch.take()) {
      int fd = Abi.SYSCALL4.asInt(s, Abi.NR_PIDFD_OPEN, pid, 0, 0, 0);
      if (fd == -Errno.ESRCH.number()) {
        return Optional.empty();
      }
      if (fd < 0) {
        throw Failure.of(fd, "pidfd_open", pid);
      }
      return Optional.of(new PidFd(pid, new Descriptor(fd, "process " + pid)));
    }
  }

  /** The number of the process. */
  public int pid() {
    return pid;
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Sends a signal.
   *
   * @return false when the process has ended
   * @throws Fault.Forbidden when this process may not
   */
  public boolean signal(Signal signal) {
    return send(signal.number());
  }

  /** Whether the process has not ended; a zombie has. */
  public boolean isAlive() {
    return !Poller.isReadable(descriptor);
  }

  private boolean send(int number) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      int r = Abi.SYSCALL4.asInt(s, Abi.NR_PIDFD_SEND_SIGNAL, fd, number, 0, 0);
      if (r == -Errno.ESRCH.number()) {
        return false;
      }
      if (r < 0) {
        throw Failure.of(r, "pidfd_send_signal", number, pid);
      }
      return true;
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Waits until the process has ended (also as a zombie that its parent has not collected).
   *
   * @return false when it has not in this time
   * @throws Fault.Unavailable when this was closed meanwhile
   */
  public boolean awaitExit(Duration limit) {
    long most = limit.compareTo(LONGEST) < 0 ? limit.toNanos() : LONGEST.toNanos();
    long deadline = System.nanoTime() + most;
    while (isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      Poller.READ.await(descriptor, Duration.ofNanos(left));
      if (descriptor.isClosed()) {
        throw new Fault.Unavailable("the wait for process " + pid + " was given up");
      }
    }
    return true;
  }

  /** Lets go of it; the process is not touched. */
  @Override
  public void close() {
    descriptor.close();
  }
}
