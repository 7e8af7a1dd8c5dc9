package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Pruning;
import dev.kemas.flag.Flags;

/** {@code kemas image prune}. */
public final class ImagePrune extends Pruning {
  public ImagePrune() {}

  @Override
  public void declare(Flags flags) {
    super.declare(flags);
    flags.toggle("all", 'a', "Remove all unused images, not just dangling ones");
  }

  @Override
  protected String warning(Flags flags) {
    return flags.isOn("all")
        ? "WARNING! This will remove all images without at least one container associated to them."
        : "WARNING! This will remove all dangling images.";
  }

  @Override
  protected Request request(Flags flags) {
    return Request.post("/images/prune");
  }

  @Override
  protected void filter(Flags flags, Filters filters) {
    filters.add("dangling", Boolean.toString(!flags.isOn("all")));
  }

  @Override
  protected String heading() {
    return "Deleted Images:";
  }

  @Override
  protected String listField() {
    return "ImagesDeleted";
  }

  @Override
  protected String shown(Json removed) {
    String deleted = removed.text("Deleted");
    return deleted.isEmpty() ? "untagged: " + removed.text("Untagged") : "deleted: " + deleted;
  }
}
