package dev.kemas.session.client;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.TerminalMessages.Shown;
import dev.kemas.buildkit.wire.TerminalMessages.Typed;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Handler;
import java.util.Optional;

/** Carries a terminal's keys to the daemon and what is to be shown back. */
record TerminalService(Screen screen) implements Handler {
  @Override
  public void handle(Call call) {
    Sending sending = new Sending(call);
    try (Screen.Taken taken =
        screen.take(
            keys -> sending.send(Typed.newBuilder().setData(ByteString.copyFrom(keys)).build()),
            (columns, rows) ->
                sending.send(Typed.newBuilder().setColumns(columns).setRows(rows).build()))) {
      Optional<Shown> next = call.receive(Shown.parser());
      while (next.isPresent()) {
        taken.show(next.get().getData().toByteArray());
        next = call.receive(Shown.parser());
      }
    } finally {
      sending.end();
    }
  }

  /** Keys and sizes come from threads of their own, and may come when all is over. */
  private static final class Sending {
    private final Call call;
    private boolean over;

    Sending(Call call) {
      this.call = call;
    }

    synchronized void send(Typed typed) {
      if (over) {
        return;
      }
      try {
        call.send(typed);
      } catch (Fault.Cancelled | Fault.Unavailable gone) {
        // who shows the output learns of it, too
        over = true;
      }
    }

    void end() {
      synchronized (this) {
        over = true;
      }
    }
  }
}
