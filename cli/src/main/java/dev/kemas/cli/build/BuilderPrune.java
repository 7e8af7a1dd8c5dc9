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
    flags.toggle(
        "all", 'a', "Remove all of it: steps that images share and packages of base images, too");
  }

  @Override
  protected String warning(Flags flags) {
    return flags.isOn("all")
        ? "WARNING! This will remove all build cache, downloaded packages of base images with it."
        : "WARNING! This will remove all build cache that no image shares.";
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
