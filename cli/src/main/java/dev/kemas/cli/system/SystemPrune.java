package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Confirmation;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.text.Human;

/** {@code kemas system prune}. */
public final class SystemPrune extends Command {
  public SystemPrune() {}

  @Override
  public String usage() {
    return "[OPTIONS]";
  }

  @Override
  public int most() {
    return 0;
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("all", 'a', "Remove all unused images not just dangling ones");
    flags.list("filter", "Provide filter values (e.g. \"label=<key>=<value>\")");
    flags.toggle("force", 'f', "Do not prompt for confirmation");
    flags.toggle("volumes", "Prune anonymous volumes");
  }

  @Override
  public int run(Session session, Flags flags) {
    if (flags.isOn("volumes") && Filters.of(flags.all("filter")).has("until")) {
      throw new Exit(
          1, "volumes have no age to filter by: leave away \"--volumes\" or the filter \"until\"");
    }
    if (!flags.isOn("force") && !Confirmation.ask(session.console(), warning(flags))) {
      throw new Exit(1, "");
    }
    long won = prune(session, flags, "/containers/prune", "ContainersDeleted", "Containers");
    prune(session, flags, "/networks/prune", "NetworksDeleted", "Networks");
    if (flags.isOn("volumes")) {
      won += prune(session, flags, "/volumes/prune", "VolumesDeleted", "Volumes");
    }
    won += prune(session, flags, "/images/prune", "ImagesDeleted", "Images");
    if (Filters.of(flags.all("filter")).has("label")) {
      session.console().error("build cache has no labels: it is left as it is");
    } else {
      won += prune(session, flags, "/build/prune", "CachesDeleted", "build cache objects");
    }
    session.console().line("Total reclaimed space: " + Human.size(won));
    return 0;
  }

  private static String warning(Flags flags) {
    return "WARNING! This will remove:\n"
        + "  - all stopped containers\n"
        + "  - all networks not used by at least one container\n"
        + (flags.isOn("volumes")
            ? "  - all anonymous volumes not used by at least one container\n"
            : "")
        + (flags.isOn("all")
            ? "  - all images without at least one container associated to them\n"
            : "  - all dangling images\n")
        + "  - unused build cache\n";
  }

  private static long prune(Session session, Flags flags, String path, String field, String kind) {
    Filters filters = Filters.of(flags.all("filter"));
    if (path.startsWith("/images")) {
      filters.add("dangling", Boolean.toString(!flags.isOn("all")));
    }
    Request request = Request.post(path);
    if (path.startsWith("/build") && flags.isOn("all")) {
      request.query("all", true);
    }
    Json answer = session.json(filters.into(request));
    if (!answer.get(field).items().isEmpty()) {
      session.console().line("Deleted " + kind + ":");
      for (Json removed : answer.get(field).items()) {
        session.console().line(line(removed));
      }
      session.console().line("");
    }
    return answer.get("SpaceReclaimed").number();
  }

  private static String line(Json removed) {
    if (!removed.text("Deleted").isEmpty()) {
      return "deleted: " + removed.text("Deleted");
    }
    String untagged = removed.text("Untagged");
    return untagged.isEmpty() ? removed.text() : "untagged: " + untagged;
  }
}
