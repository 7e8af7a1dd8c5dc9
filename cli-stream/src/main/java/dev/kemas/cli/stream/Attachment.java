package dev.kemas.cli.stream;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.StdioFrames;
import dev.kemas.cli.command.Console;
import dev.kemas.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The streams of this program joined with those of a process in a container, until the process has
 * written its last byte or the user types the detach keys.
 */
public final class Attachment {
  private static final int BLOCK = 32 * 1024;

  private final Console console;
  private final Hijacked stream;
  private final boolean tty;
  private final Optional<DetachKeys> keys;
  private volatile boolean detached;

  /**
   * @param tty whether the process has a terminal: bytes come raw and not in frames
   */
  public Attachment(Console console, Hijacked stream, boolean tty, String detachKeys) {
    this.console = console;
    this.stream = stream;
    this.tty = tty;
    this.keys = tty ? Optional.of(DetachKeys.parse(detachKeys)) : Optional.empty();
  }

  /** Starts to send standard input, in the background. */
  public void sendInput() {
    Thread.ofPlatform().daemon().name("stdin").start(this::pumpInput);
  }

  /** Says that there is no input. */
  public void noInput() {
    stream.closeOutput();
  }

  private void pumpInput() {
    InputStream in = console.in();
    OutputStream out = stream.output();
    byte[] typed = new byte[BLOCK];
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try {
      for (int count = in.read(typed); count >= 0; count = in.read(typed)) {
        if (keys.isEmpty()) {
          out.write(typed, 0, count);
          continue;
        }
        boolean leaves = keys.get().scan(typed, count, kept);
        out.write(kept.toByteArray());
        kept.reset();
        if (leaves) {
          detached = true;
          stream.close();
          return;
        }
      }
      stream.closeOutput();
    } catch (IOException | Fault gone) {
      // the process ended first; its output tells what is to be told
      inputEnded();
    }
  }

  private void inputEnded() {
    Thread.currentThread().setName("stdin, ended");
  }

  /**
   * Shows what the process writes until it ends.
   *
   * @return false if the user typed the detach keys
   */
  public boolean showOutput(OutputStream out, OutputStream err) {
    try {
      InputStream from = stream.input();
      if (tty) {
        copy(from, out);
      } else {
        StdioFrames.copy(from, out, err);
      }
    } catch (IOException e) {
      if (!detached) {
        throw new Fault.Unavailable("the connection to the container broke: " + e.getMessage(), e);
      }
    }
    return !detached;
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      out.write(block, 0, count);
      out.flush();
    }
  }
}
