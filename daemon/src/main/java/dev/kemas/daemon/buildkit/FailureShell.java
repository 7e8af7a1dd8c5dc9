package dev.kemas.daemon.buildkit;

import dev.kemas.build.Cancellation;
import dev.kemas.build.Executor;
import dev.kemas.build.OnFailure;
import dev.kemas.fault.Fault;
import dev.kemas.session.ClientTerminal;
import dev.kemas.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shell in a step that failed, at the client's terminal; it ends with the client. */
final class FailureShell implements OnFailure {
  private static final Logger LOG = LoggerFactory.getLogger(FailureShell.class);
  private static final String LAST_SHELL = "/bin/sh";

  private final Session session;
  private final Runnable opening;

  /**
   * @param opening is called before the terminal is taken
   */
  FailureShell(Session session, Runnable opening) {
    if (!ClientTerminal.isLent(session)) {
      throw new Fault.InvalidArgument(
          "a shell for failed steps is asked for, and the client's session lends no terminal");
    }
    this.session = session;
    this.opening = opening;
  }

  @Override
  public void failed(FailedStep step) {
    try {
      opening.run();
      try (ClientTerminal terminal = ClientTerminal.open(session)) {
        talk(step, terminal);
      }
    } catch (Fault.Cancelled | Fault.Unavailable gone) {
      LOG.debug("the shell in a failed step ends: {}", gone.getMessage());
    }
  }

  private void talk(FailedStep step, ClientTerminal terminal) {
    say(
        terminal,
        "The command '%s' returned a non-zero code: %d"
            .formatted(String.join(" ", step.command().args()), step.code()));
    Cancellation cancelled = new Cancellation();
    session.whenGone(() -> cancelled.cancel("the client went away"));
    Set<String> shells = new LinkedHashSet<>(List.of(step.shell(), LAST_SHELL));
    AtTerminal output = new AtTerminal(terminal, cancelled);
    String why = "";
    for (String shell : shells) {
      try {
        step.rerun().run(List.of(shell), output, cancelled);
        output.end();
        return;
      } catch (Fault.InvalidArgument missing) {
        why = String.valueOf(missing.getMessage());
      }
    }
    say(
        terminal,
        "There is no shell in this step's file system (%s): %s"
            .formatted(String.join(", ", shells), why));
    output.end();
  }

  /** Text on a terminal in raw mode. */
  private static void say(ClientTerminal terminal, String text) {
    byte[] bytes = ("\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8);
    terminal.show(bytes, 0, bytes.length);
  }

  /** The shell's terminal is the client's. */
  private static final class AtTerminal implements Executor.Output {
    private final ClientTerminal terminal;
    private final Cancellation cancelled;
    private Optional<Thread> typing = Optional.empty();

    AtTerminal(ClientTerminal terminal, Cancellation cancelled) {
      this.terminal = terminal;
      this.cancelled = cancelled;
    }

    @Override
    public void write(boolean stderr, byte[] bytes, int offset, int length) {
      try {
        terminal.show(bytes, offset, length);
      } catch (Fault.Cancelled | Fault.Unavailable gone) {
        cancelled.cancel("the client went away");
      }
    }

    @Override
    public Optional<Consumer<Executor.Keyboard>> terminal() {
      return Optional.of(this::sit);
    }

    private void sit(Executor.Keyboard keyboard) {
      say(terminal, "This is a shell where it failed: end it to end the build.");
      // the size comes first, and the shell asks for it when it begins
      terminal.next().ifPresent(size -> hand(size, keyboard));
      typing = Optional.of(Thread.ofVirtual().name("failed-step-keys").start(() -> type(keyboard)));
    }

    private void type(Executor.Keyboard keyboard) {
      try {
        Optional<ClientTerminal.Input> next = terminal.next();
        while (next.isPresent()) {
          hand(next.get(), keyboard);
          next = terminal.next();
        }
      } catch (Fault.Cancelled | Fault.Unavailable gone) {
        cancelled.cancel("the client went away");
      }
    }

    private static void hand(ClientTerminal.Input input, Executor.Keyboard keyboard) {
      try {
        switch (input) {
          case ClientTerminal.Keys keys -> keyboard.type(keys.bytes());
          case ClientTerminal.Size size -> keyboard.resize(size.columns(), size.rows());
        }
      } catch (Fault ended) {
        LOG.debug("typed at a shell that has ended: {}", ended.getMessage());
      }
    }

    /** Until the client has put its terminal right: what the build says is shown on it next. */
    void end() {
      terminal.finish();
      if (typing.isPresent()) {
        join(typing.get());
        return;
      }
      Optional<ClientTerminal.Input> next = terminal.next();
      while (next.isPresent()) {
        next = terminal.next();
      }
    }

    private static void join(Thread typing) {
      try {
        typing.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("interrupted while a terminal was given back");
      }
    }
  }
}
