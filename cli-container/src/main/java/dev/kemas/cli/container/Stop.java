package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas stop} and {@code kemas restart}. */
public final class Stop extends Each {
  private final String verb;

  /**
   * @param verb {@code stop} or {@code restart}
   */
  public Stop(String verb) {
    this.verb = verb;
  }

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return verb.equals("stop") ? "running" : "containers";
  }

  @Override
  public void declare(Flags flags) {
    flags.value("signal", 's', "string", "Signal to send to the container");
    flags.value("timeout", 't', "int", "Seconds to wait before killing the container");
    flags.value("time", "int", "The same as --timeout");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    String timeout = flags.isSet("timeout") ? flags.text("timeout") : flags.text("time");
    session.done(
        Request.post(Paths.of(name, verb))
            .queryIf("signal", flags.text("signal"))
            .queryIf("t", timeout));
    return name;
  }
}
