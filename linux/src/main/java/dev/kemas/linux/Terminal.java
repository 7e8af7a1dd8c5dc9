package dev.kemas.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** What can be asked of and set on a terminal (termios(3), ioctl_tty(2)). */
public final class Terminal {
  private static final long TCGETS = 0x5401;
  private static final long TCSETS = 0x5402;
  private static final long TIOCGWINSZ = 0x5413;
  private static final long TIOCSWINSZ = 0x5414;

  /** The kernel's struct termios: four words, the line discipline and 19 characters. */
  private static final int TERMIOS = 64;

  private static final int LFLAG = 12;
  private static final int OFLAG = 4;
  private static final int CFLAG = 8;
  private static final int VTIME = 17 + 5;
  private static final int VMIN = 17 + 6;

  private Terminal() {}

  /** Columns and rows. */
  public record Size(int columns, int rows) {}

  /** The modes of a terminal, to be put back. */
  public static final class Modes {
    private final byte[] bytes;

    private Modes(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * Bound when first needed: binding takes milliseconds, and most commands print into no terminal.
   */
  private static final class Calls {
    static final Libc.Call IOCTL = Libc.bind("ioctl", 3);
  }

  /**
   * Whether this number (0 is standard input) is a terminal. Where its name under /proc tells,
   * nothing is bound for it.
   */
  public static boolean isTerminal(int number) {
    String name;
    try {
      name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
    } catch (IOException e) {
      // closed, or no /proc: there is nothing to show anything on
      return false;
    }
    if (!name.startsWith("/dev/") || name.equals("/dev/null")) {
      return false;
    }
    try (Scratch s = Scratch.take()) {
      return Calls.IOCTL.asInt(s, number, TCGETS, s.room(TERMIOS).address()) == 0;
    }
  }

  /** The size of a terminal. */
  public static Size size(int number) {
    try (Scratch s = Scratch.take()) {
      MemorySegment size = s.room(8);
      check(Calls.IOCTL.asInt(s, number, TIOCGWINSZ, size.address()), number, "TIOCGWINSZ");
      return new Size(
          size.get(ValueLayout.JAVA_SHORT, 2) & 0xFFFF,
          size.get(ValueLayout.JAVA_SHORT, 0) & 0xFFFF);
    }
  }

  /** The size of a terminal. */
  public static Size size(Descriptor terminal) {
    int fd = terminal.enter();
    try {
      return size(fd);
    } finally {
      terminal.leave();
    }
  }

  /** Sets the size; the foreground process group is told by SIGWINCH. */
  public static void resize(Descriptor terminal, Size to) {
    int fd = terminal.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment size = s.zeroed(8);
      size.set(ValueLayout.JAVA_SHORT, 0, (short) to.rows());
      size.set(ValueLayout.JAVA_SHORT, 2, (short) to.columns());
      check(Calls.IOCTL.asInt(s, fd, TIOCSWINSZ, size.address()), fd, "TIOCSWINSZ");
    } finally {
      terminal.leave();
    }
  }

  /**
   * Makes a terminal hand over every byte as it is typed and show nothing by itself (cfmakeraw(3)).
   *
   * @return what it was before, for {@link #restore}
   */
  public static Modes makeRaw(int number) {
    try (Scratch s = Scratch.take()) {
      MemorySegment t = s.zeroed(TERMIOS);
      check(Calls.IOCTL.asInt(s, number, TCGETS, t.address()), number, "TCGETS");
      Modes before = new Modes(t.toArray(ValueLayout.JAVA_BYTE));
      // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
      clear(t, 0, 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400);
      // OPOST
      clear(t, OFLAG, 0x1);
      // ISIG ICANON ECHO ECHONL IEXTEN
      clear(t, LFLAG, 0x1 | 0x2 | 0x8 | 0x40 | 0x8000);
      // CSIZE PARENB; then CS8
      clear(t, CFLAG, 0x30 | 0x100);
      t.set(ValueLayout.JAVA_INT, CFLAG, t.get(ValueLayout.JAVA_INT, CFLAG) | 0x30);
      t.set(ValueLayout.JAVA_BYTE, VTIME, (byte) 0);
      t.set(ValueLayout.JAVA_BYTE, VMIN, (byte) 1);
      check(Calls.IOCTL.asInt(s, number, TCSETS, t.address()), number, "TCSETS");
      return before;
    }
  }

  /** Puts back the modes. */
  public static void restore(int number, Modes modes) {
    try (Scratch s = Scratch.take()) {
      MemorySegment t = s.room(TERMIOS);
      MemorySegment.copy(modes.bytes, 0, t, ValueLayout.JAVA_BYTE, 0, modes.bytes.length);
      check(Calls.IOCTL.asInt(s, number, TCSETS, t.address()), number, "TCSETS");
    }
  }

  private static void clear(MemorySegment termios, long at, int bits) {
    termios.set(ValueLayout.JAVA_INT, at, termios.get(ValueLayout.JAVA_INT, at) & ~bits);
  }

  private static void check(int result, int number, String request) {
    if (result < 0) {
      throw Failure.of(result, "ioctl", number, request);
    }
  }
}
