package dev.kemas.cli.command;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard input, output and error. Text for standard output is kept until {@link #flush}; bytes
 * that stream go through {@link #out()} at once.
 */
public final class Console {
  private static final int KEEP = 32 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final boolean isProcess;
  private final StringBuilder kept = new StringBuilder();

  /** A console on other streams, none of them a terminal. */
  public Console(InputStream in, OutputStream out, OutputStream err) {
    this(in, out, err, false);
  }

  private Console(InputStream in, OutputStream out, OutputStream err, boolean isProcess) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.isProcess = isProcess;
  }

  /** The three streams of this process. */
  public static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new PipeOutput(new FileOutputStream(FileDescriptor.out)),
        new PipeOutput(new FileOutputStream(FileDescriptor.err)),
        true);
  }

  /** Whether these are the streams of this process. */
  public boolean isProcess() {
    return isProcess;
  }

  /** Standard input. */
  public InputStream in() {
    return in;
  }

  /** Standard output for bytes; what was printed before goes out first. */
  public OutputStream out() {
    flush();
    return out;
  }

  /** Standard error for bytes. */
  public OutputStream err() {
    return err;
  }

  /** Whether standard input is a terminal. */
  public boolean inIsTerminal() {
    return isTerminal(0);
  }

  /** Whether standard output is a terminal. */
  public boolean outIsTerminal() {
    return isTerminal(1);
  }

  /** Whether standard error is a terminal. */
  public boolean errIsTerminal() {
    return isTerminal(2);
  }

  private boolean isTerminal(int descriptor) {
    // the link's name tells what the call isatty would, without a native call (start-up time)
    if (!isProcess) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException noProc) {
      return false;
    }
  }

  /** Prints to standard output. */
  public void print(String text) {
    kept.append(text);
    if (kept.length() > KEEP) {
      flush();
    }
  }

  /** Prints a line to standard output. */
  public void line(String text) {
    print(text);
    print("\n");
  }

  /** Prints a line to standard error, at once. */
  public void error(String text) {
    flush();
    try {
      err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      throw new Exit(1, "cannot write: " + e.getMessage(), e);
    }
  }

  /** Sends what was printed. A reader that went away ends the program as SIGPIPE would. */
  public void flush() {
    if (kept.isEmpty()) {
      return;
    }
    byte[] bytes = kept.toString().getBytes(StandardCharsets.UTF_8);
    kept.setLength(0);
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new Exit(1, "cannot write: " + e.getMessage(), e);
    }
  }
}
