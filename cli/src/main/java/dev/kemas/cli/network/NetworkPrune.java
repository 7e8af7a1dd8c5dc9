package dev.kemas.cli.network;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Pruning;
import dev.kemas.flag.Flags;

/** {@code kemas network prune}. */
public final class NetworkPrune extends Pruning {
  public NetworkPrune() {}

  @Override
  protected String warning(Flags flags) {
    return "WARNING! This will remove all custom networks not used by at least one container.";
  }

  @Override
  protected Request request(Flags flags) {
    return Request.post("/networks/prune");
  }

  @Override
  protected String heading() {
    return "Deleted Networks:";
  }

  @Override
  protected String listField() {
    return "NetworksDeleted";
  }

  @Override
  protected boolean tellsSpace() {
    return false;
  }
}
