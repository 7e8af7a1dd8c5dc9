package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;

/** {@code kemas rmi}. */
public final class RemoveImage extends Each {
  public RemoveImage() {}

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
    flags.toggle("force", 'f', "Force removal of the image");
    flags.toggle("no-prune", "Do not delete untagged parents");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    Json removed;
    try {
      removed =
          session.json(
              Request.delete("/images/" + Request.encode(name))
                  .query("force", flags.isOn("force"))
                  .query("noprune", flags.isOn("no-prune")));
    } catch (Fault.NotFound gone) {
      if (!flags.isOn("force")) {
        throw gone;
      }
      session.console().error(gone.getMessage());
      return "";
    }
    for (Json item : removed.items()) {
      session.console().line(line(item));
    }
    return "";
  }

  static String line(Json item) {
    String deleted = item.text("Deleted");
    return deleted.isEmpty() ? "Untagged: " + item.text("Untagged") : "Deleted: " + deleted;
  }
}
