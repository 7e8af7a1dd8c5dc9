package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Inspecting;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.Optional;

/** {@code kemas inspect}: a container, image, network or volume, whichever has the name. */
public final class Inspect extends Inspecting {
  private static final String[] TYPES = {"container", "image", "network", "volume"};

  public Inspect() {}

  @Override
  public String usage() {
    return "[OPTIONS] NAME|ID [NAME|ID...]";
  }

  @Override
  public String completes() {
    return "containers";
  }

  @Override
  public void declare(Flags flags) {
    super.declare(flags);
    flags.toggle("size", 's', "Display total file sizes if the type is container");
    flags.value("type", "string", "Only inspect objects of the given type");
  }

  @Override
  protected Request request(Flags flags, String name) {
    return request("container", flags, name);
  }

  private static Request request(String type, Flags flags, String name) {
    String encoded = Request.encode(name);
    return switch (type) {
      case "container" ->
          Request.get("/containers/" + encoded + "/json").query("size", flags.isOn("size"));
      case "image" -> Request.get("/images/" + encoded + "/json");
      case "network" -> Request.get("/networks/" + encoded);
      case "volume" -> Request.get("/volumes/" + encoded);
      default -> throw new UsageError("\"" + type + "\" is not a valid value for --type");
    };
  }

  @Override
  protected Json find(Session session, Flags flags, String name) {
    String only = flags.text("type");
    if (!only.isEmpty()) {
      return session.json(request(only, flags, name));
    }
    for (String type : TYPES) {
      Optional<Json> found = ofType(session, request(type, flags, name));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new Fault.NotFound("object", name, "Error: No such object: " + name);
  }

  private static Optional<Json> ofType(Session session, Request request) {
    try {
      return Optional.of(session.json(request));
    } catch (Fault.NotFound | Fault.InvalidArgument notOfThisType) {
      return Optional.empty();
    }
  }
}
