package dev.kemas.cli.container;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Attachment;
import dev.kemas.cli.stream.LocalTerminal;
import dev.kemas.cli.stream.Signals;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Terminal;
import java.util.Optional;

/**
 * A process in a container that this program stands in for: its streams, the modes and size of the
 * terminal, the signals.
 */
final class Foreground implements AutoCloseable {
  private final Session session;
  private final String path;
  private final boolean tty;
  private final Attachment attachment;
  private Optional<LocalTerminal> terminal = Optional.empty();
  private boolean hasTerminal;

  /**
   * @param path of the container or exec, for resize and kill
   */
  Foreground(Session session, String path, Hijacked stream, boolean tty, String detachKeys) {
    this.session = session;
    this.path = path;
    this.tty = tty;
    this.attachment = new Attachment(session.console(), stream, tty, detachKeys);
  }

  /** Everything that is to be in place before the process starts. */
  void prepare(boolean input, boolean forwardSignals) {
    Console console = session.console();
    hasTerminal = tty && console.outIsTerminal();
    if (tty && input && console.inIsTerminal()) {
      terminal = Optional.of(LocalTerminal.raw());
    }
    if (hasTerminal) {
      Signals.onResize(this::resize);
    }
    if (!tty && forwardSignals && console.isProcess()) {
      Signals.forward(this::kill);
    }
    if (input) {
      attachment.sendInput();
    } else {
      attachment.noInput();
    }
  }

  /** Tells the container how large the window is. */
  void resize() {
    if (!hasTerminal) {
      return;
    }
    Terminal.Size size = LocalTerminal.size();
    try {
      session.done(
          Request.post(path + "/resize")
              .query("h", Integer.toString(size.rows()))
              .query("w", Integer.toString(size.columns())));
    } catch (Fault.Conflict | Fault.NotFound | Fault.Internal ended) {
      // a process that has just ended has no window any more
      hasTerminal = false;
    }
  }

  private void kill(String signal) {
    try {
      session.done(Request.post(path + "/kill").query("signal", signal));
    } catch (Fault.Conflict | Fault.NotFound ended) {
      session.console().flush();
    }
  }

  /** Shows the output to its end; false if the user typed the detach keys. */
  boolean follow() {
    Console console = session.console();
    return attachment.showOutput(console.out(), console.err());
  }

  @Override
  public void close() {
    if (terminal.isPresent()) {
      terminal.get().close();
    }
  }
}
