package dev.kemas.cli.network;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.flag.Flags;

/** {@code kemas network inspect}. */
public final class NetworkInspect extends Inspecting {
  public NetworkInspect() {}

  @Override
  public String usage() {
    return "[OPTIONS] NETWORK [NETWORK...]";
  }

  @Override
  public String completes() {
    return "networks";
  }

  @Override
  protected Request request(Flags flags, String name) {
    return Request.get("/networks/" + Request.encode(name));
  }
}
