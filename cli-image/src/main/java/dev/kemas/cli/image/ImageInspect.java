package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
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
  public void declare(Flags flags) {
    super.declare(flags);
    flags.value("platform", "string", "Inspect the image for this platform: os[/arch[/variant]]");
  }

  @Override
  protected Json find(Session session, Flags flags, String name) {
    Json image = super.find(session, flags, name);
    String wanted = flags.text("platform");
    if (!wanted.isEmpty() && !isFor(image, wanted)) {
      throw new Fault.NotFound(
          "image",
          name,
          "image "
              + name
              + " is here for "
              + image.text("Os")
              + "/"
              + image.text("Architecture")
              + ", not for "
              + wanted
              + ": pull it with --platform "
              + wanted);
    }
    return image;
  }

  private static boolean isFor(Json image, String wanted) {
    String[] parts = wanted.split("/", -1);
    String variant = image.text("Variant");
    return parts[0].equals(image.text("Os"))
        && (parts.length < 2 || parts[1].equals(image.text("Architecture")))
        && (parts.length < 3 || variant.isEmpty() || parts[2].equals(variant));
  }

  @Override
  protected Request request(Flags flags, String name) {
    return Request.get("/images/" + Request.encode(name) + "/json");
  }
}
