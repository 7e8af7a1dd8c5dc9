package dev.kemas.cli.build;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Pruning;
import dev.kemas.flag.Flags;

/** {@code kemas builder prune}. */
public final class BuilderPrune extends Pruning {
  public BuilderPrune() {}

  @Override
  public void declare(Flags flags) {
    super.declare(flags);
    flags.toggle("all", 'a', "Remove the packages of base images too, not just build steps");
  }

  @Override
  protected String warning(Flags flags) {
    return "WARNING! This will remove all build cache"
        + (flags.isOn("all") ? ", downloaded packages of base images with it." : ".");
  }

  @Override
  protected Request request(Flags flags) {
    return Request.post("/build/prune").query("all", flags.isOn("all"));
  }

  @Override
  protected String heading() {
    return "Deleted build cache objects:";
  }

  @Override
  protected String listField() {
    return "CachesDeleted";
  }
}
