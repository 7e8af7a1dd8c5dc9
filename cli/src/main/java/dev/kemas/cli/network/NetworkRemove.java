package dev.kemas.cli.network;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;

/** {@code kemas network rm}. */
public final class NetworkRemove extends Each {
  public NetworkRemove() {}

  @Override
  public String usage() {
    return "[OPTIONS] NETWORK [NETWORK...]";
  }

  @Override
  public String completes() {
    return "networks";
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", 'f', "Do not error if the network does not exist");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    try {
      session.done(Request.delete("/networks/" + Request.encode(name)));
    } catch (Fault.NotFound gone) {
      if (!flags.isOn("force")) {
        throw gone;
      }
    }
    return name;
  }
}
