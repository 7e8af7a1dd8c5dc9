package dev.kemas.cli.volume;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Pruning;
import dev.kemas.flag.Flags;

/** {@code kemas volume prune}. */
public final class VolumePrune extends Pruning {
  public VolumePrune() {}

  @Override
  public void declare(Flags flags) {
    super.declare(flags);
    flags.toggle("all", 'a', "Remove all unused volumes, not just anonymous ones");
  }

  @Override
  protected String warning(Flags flags) {
    return flags.isOn("all")
        ? "WARNING! This will remove all local volumes not used by at least one container."
        : "WARNING! This will remove anonymous local volumes not used by at least one container.";
  }

  @Override
  protected Request request(Flags flags) {
    return Request.post("/volumes/prune");
  }

  @Override
  protected void filter(Flags flags, Filters filters) {
    if (flags.isOn("all")) {
      filters.add("all", "true");
    }
  }

  @Override
  protected String heading() {
    return "Deleted Volumes:";
  }

  @Override
  protected String listField() {
    return "VolumesDeleted";
  }
}
