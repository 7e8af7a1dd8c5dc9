package dev.kemas.cli.volume;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.flag.Flags;

/** {@code kemas volume inspect}. */
public final class VolumeInspect extends Inspecting {
  public VolumeInspect() {}

  @Override
  public String usage() {
    return "[OPTIONS] VOLUME [VOLUME...]";
  }

  @Override
  public String completes() {
    return "volumes";
  }

  @Override
  protected Request request(Flags flags, String name) {
    return Request.get("/volumes/" + Request.encode(name));
  }
}
