package dev.kemas.cli.stream;

import dev.kemas.linux.Terminal;
import java.util.concurrent.atomic.AtomicBoolean;

/** The terminal that this program was started on, in raw mode until it is closed. */
public final class LocalTerminal implements AutoCloseable {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final Terminal.Modes before;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Thread atExit = new Thread(this::restore, "terminal-restore");

  private LocalTerminal(Terminal.Modes before) {
    this.before = before;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Every key comes as it is typed; nothing is shown but what the container writes. */
  public static LocalTerminal raw() {
    return new LocalTerminal(Terminal.makeRaw(STDIN));
  }

  /** Makes the first native call early, on another thread: it takes tens of milliseconds. */
  public static void warmUp() {
    Thread.ofPlatform().daemon().start(() -> Terminal.isTerminal(STDIN));
  }

  /** The size of the terminal that is written to. */
  public static Terminal.Size size() {
    return size(false);
  }

  /** The size of the terminal of standard output, or of standard error. */
  static Terminal.Size size(boolean isError) {
    return Terminal.size(isError ? STDERR : STDOUT);
  }

  private void restore() {
    if (open.compareAndSet(true, false)) {
      Terminal.restore(STDIN, before);
    }
  }

  @Override
  public void close() {
    restore();
  }
}
