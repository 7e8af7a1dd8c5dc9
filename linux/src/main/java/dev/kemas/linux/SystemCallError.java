package dev.kemas.linux;

import java.io.Serial;

/**
 * What a failed system call said, kept as the cause of the {@link dev.kemas.fault.Fault} that
 * leaves this module. Read it with {@link Errno#of(Throwable)}.
 */
public final class SystemCallError extends Exception {
  @Serial private static final long serialVersionUID = 1L;
  private final String call;
  private final Errno errno;

  SystemCallError(String call, Errno errno) {
    super(call + ": " + errno + " (" + errno.text() + ")", null, false, false);
    this.call = call;
    this.errno = errno;
  }

  /** The call with its arguments. */
  public String call() {
    return call;
  }

  /** The error number. */
  public Errno errno() {
    return errno;
  }
}
