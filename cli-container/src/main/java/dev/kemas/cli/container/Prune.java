package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Pruning;
import dev.kemas.flag.Flags;

/** {@code kemas container prune}. */
public final class Prune extends Pruning {
  public Prune() {}

  @Override
  protected String warning(Flags flags) {
    return "WARNING! This will remove all stopped containers.";
  }

  @Override
  protected Request request(Flags flags) {
    return Request.post("/containers/prune");
  }

  @Override
  protected String heading() {
    return "Deleted Containers:";
  }

  @Override
  protected String listField() {
    return "ContainersDeleted";
  }
}
