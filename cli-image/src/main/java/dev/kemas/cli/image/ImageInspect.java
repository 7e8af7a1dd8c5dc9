package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.flag.Flags;

/** {@code kemas image inspect}. */
public final class ImageInspect extends Inspecting {
  public ImageInspect() {}

  @Override
  public String usage() {
    return "[OPTIONS] IMAGE [IMAGE...]";
  }

  @Override
  public String completes() {
    return "images";
  }

  @Override
  protected Request request(Flags flags, String name) {
    return Request.get("/images/" + Request.encode(name) + "/json");
  }
}
