package dev.kemas.cli.build;

import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.lend.Screen;
import dev.kemas.cli.stream.LocalTerminal;
import dev.kemas.cli.stream.Signals;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The terminal of {@code kemas build --on-error=shell}: the build's progress and the shell in a
 * step that failed have it in turn.
 */
final class ShellScreen implements Screen {
  private static final int BLOCK = 4096;

  private final Console console;
  private final Semaphore free = new Semaphore(1);

  /** Until all that was said before the shell is shown. */
  private final CountDownLatch announced = new CountDownLatch(1);

  private ShellScreen(Console console) {
    this.console = console;
  }

  /** The one that is asked for; empty when none is. */
  static Optional<ShellScreen> of(Console console, Flags flags) {
    String asked = flags.text("on-error");
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    if (!asked.equals("shell")) {
      throw flags.invalid("on-error", asked, "want shell");
    }
    if (!console.inIsTerminal() || !console.outIsTerminal()) {
      throw new Exit(
          1,
          "--on-error=shell opens a shell at this program's terminal, and its standard "
              + (console.inIsTerminal() ? "output" : "input")
              + " is none: run it at a terminal, or leave the option out");
    }
    return Optional.of(new ShellScreen(console));
  }

  /** The engine is about to open a shell; what it said before is shown. */
  void announce() {
    announced.countDown();
  }

  /** The same output, which waits while the shell has the terminal. */
  OutputStream sharing(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        free.acquireUninterruptibly();
        try {
          out.write(bytes, from, length);
          out.flush();
        } finally {
          free.release();
        }
      }
    };
  }

  @Override
  public Taken take(Consumer<byte[]> keys, BiConsumer<Integer, Integer> size) {
    try {
      announced.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted before a shell was opened");
    }
    free.acquireUninterruptibly();
    console.flush();
    LocalTerminal terminal = LocalTerminal.raw();
    tell(size);
    Signals.onResize(() -> tell(size));
    Thread.ofPlatform().daemon().name("keys").start(() -> pump(keys));
    OutputStream out = console.out();
    return new Taken() {
      @Override
      public void show(byte[] bytes) {
        try {
          out.write(bytes);
          out.flush();
        } catch (IOException e) {
          throw new Fault.Unavailable("cannot write to the terminal: " + e.getMessage(), e);
        }
      }

      @Override
      public void close() {
        terminal.close();
        free.release();
      }
    };
  }

  private static void tell(BiConsumer<Integer, Integer> size) {
    Terminal.Size now = LocalTerminal.size();
    size.accept(now.columns(), now.rows());
  }

  /** Until the program ends, which it does soon after the shell. */
  private void pump(Consumer<byte[]> keys) {
    InputStream in = console.in();
    byte[] typed = new byte[BLOCK];
    try {
      for (int n = in.read(typed); n >= 0; n = in.read(typed)) {
        keys.accept(Arrays.copyOf(typed, n));
      }
    } catch (IOException gone) {
      throw new Fault.Unavailable("the terminal is gone: " + gone.getMessage(), gone);
    }
  }
}
