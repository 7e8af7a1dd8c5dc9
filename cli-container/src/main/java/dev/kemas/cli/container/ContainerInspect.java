package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.flag.Flags;

/** {@code kemas container inspect}. */
public final class ContainerInspect extends Inspecting {
  public ContainerInspect() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return "containers";
  }

  @Override
  public void declare(Flags flags) {
    super.declare(flags);
    flags.toggle("size", 's', "Display total file sizes");
  }

  @Override
  protected Request request(Flags flags, String name) {
    return Request.get(Paths.of(name, "json")).query("size", flags.isOn("size"));
  }
}
