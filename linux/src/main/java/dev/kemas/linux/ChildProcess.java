package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A child of this process, started by {@link #start}. Its end is seen through a descriptor, so that
 * no thread is needed to wait for it; somebody must call {@link #waitFor()} or {@link #waitUntil}
 * until it says that the child ended, else a zombie stays.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Libc.Call WAITID = Libc.bind("waitid", 4);
  private static final Libc.Call KILL = Libc.bind("kill", 2);
  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;
  private static final int WNOHANG = 1;
  private static final int SIGINFO = 128;
  private static final int CLD_EXITED = 1;

  private final PidFd process;
  private final String command;
  private Optional<Integer> status = Optional.empty();

  private ChildProcess(PidFd process, String command) {
    this.process = process;
    this.command = command;
  }

  /** What a short program said, taken as UTF-8, and how it ended. */
  public record Outcome(int exitCode, String output, String errors) {}

  /**
   * Starts a program (posix_spawn(3)). The descriptors given to it stay open here.
   *
   * @throws Fault.NotFound when there is no such program
   * @throws Fault.Forbidden when it may not be executed
   */
  public static ChildProcess start(Command command) {
    int pid = Spawn.spawn(command);
    PidFd process =
        PidFd.open(pid)
            .orElseThrow(() -> new Fault.Internal(command + ": its process " + pid + " is gone"));
    return new ChildProcess(process, command.toString());
  }

  /**
   * Runs a program to its end and keeps what it wrote to its standard output and error.
   *
   * @throws Fault.Unavailable when it has not ended in this time; it is killed then
   */
  public static Outcome run(Command command, Duration limit) {
    try (Pipe output = Pipe.toRead("output of " + command.program());
        Pipe errors = Pipe.toRead("errors of " + command.program());
        ChildProcess child = start(command.with(1, output.writer()).with(2, errors.writer()))) {
      output.writer().close();
      errors.writer().close();
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      ByteArrayOutputStream complained = new ByteArrayOutputStream();
      Thread reader = Thread.ofVirtual().start(() -> drain(errors.reader(), complained));
      Thread other = Thread.ofVirtual().start(() -> drain(output.reader(), said));
      if (!child.waitUntil(limit)) {
        child.signal(Signal.KILL);
        child.waitFor();
        throw new Fault.Unavailable(command + " has not ended in " + limit.toSeconds() + " s");
      }
      // a grandchild may hold the pipes open for ever: what came until then is what there is
      joinBriefly(reader);
      joinBriefly(other);
      return new Outcome(child.waitFor(), text(said), text(complained));
    }
  }

  private static void drain(Descriptor from, ByteArrayOutputStream into) {
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    try {
      while (from.read(buffer) >= 0) {
        synchronized (into) {
          into.write(buffer.array(), 0, buffer.position());
        }
        buffer.clear();
      }
    } catch (Fault.Unavailable closed) {
      // run() has closed the pipe after its grace time: nobody listens any more
      buffer.clear();
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    synchronized (bytes) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private static void joinBriefly(Thread thread) {
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its number. */
  public int pid() {
    return process.pid();
  }

  /** Sends a signal; false when it has ended. */
  public boolean signal(Signal signal) {
    return process.signal(signal);
  }

  /**
   * Sends a signal to it and to all that it has started and that is still of its process group
   * (kill(2)). For a program with a session of its own.
   *
   * @return false when its end was seen: its number may be another's by then
   */
  public synchronized boolean signalGroup(Signal signal) {
    if (status.isPresent()) {
      return false;
    }
    try (Scratch s = Scratch.take()) {
      int r = KILL.asInt(s, -pid(), signal.number());
      if (r < 0 && r != -Errno.ESRCH.number()) {
        throw Failure.of(r, "kill", -pid(), signal);
      }
      return r >= 0;
    }
  }

  /** Waits for the end: the exit code, or 128 plus the number of the signal that ended it. */
  public int waitFor() {
    while (!waitUntil(Duration.ofDays(300))) {
      // a year is a long time, but not for ever
    }
    return exitCode().orElseThrow();
  }

  /** Waits for the end; false when it has not come in this time. */
  public boolean waitUntil(Duration limit) {
    if (exitCode().isPresent()) {
      return true;
    }
    if (!process.awaitExit(limit)) {
      return false;
    }
    collect();
    return true;
  }

  private synchronized Optional<Integer> exitCode() {
    return status;
  }

  private synchronized void collect() {
    if (status.isPresent()) {
      return;
    }
    int fd = process.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment info = s.zeroed(SIGINFO);
      int r = WAITID.asInt(s, P_PIDFD, fd, info.address(), WEXITED | WNOHANG);
      if (r < 0) {
        throw Failure.of(r, "waitid", command, pid());
      }
      // siginfo_t of SIGCHLD: si_code at 8, si_status at 24 (sigaction(2))
      int code = info.get(ValueLayout.JAVA_INT, 8);
      int value = info.get(ValueLayout.JAVA_INT, 24);
      status = Optional.of(code == CLD_EXITED ? value : 128 + value);
    } finally {
      process.descriptor().leave();
    }
  }

  /** Lets go of it; the process is not touched. */
  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return command + " (process " + pid() + ")";
  }
}
