package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas ps}. */
public final class Ps extends Command {
  private static final String[] COLUMNS = {
    "ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"
  };
  private static final String[] COLUMNS_WITH_SIZE = {
    "ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names", "Size"
  };

  public Ps() {}

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
    flags.toggle("all", 'a', "Show all containers (default shows just running)");
    flags.list("filter", 'f', "Filter output based on conditions provided");
    Listing.declareFormat(flags);
    flags.value("last", 'n', "int", "Show n last created containers (includes all states)", "-1");
    flags.toggle("latest", 'l', "Show the latest created container (includes all states)");
    flags.toggle("no-trunc", "Don't truncate output");
    flags.toggle("quiet", 'q', "Only display container IDs");
    flags.toggle("size", 's', "Display total file sizes");
  }

  @Override
  public int run(Session session, Flags flags) {
    Request request = Request.get("/containers/json");
    long last = flags.isOn("latest") ? 1 : flags.number("last");
    request.query("all", flags.isOn("all"));
    if (last > 0) {
      request.query("limit", Long.toString(last));
    }
    boolean size = flags.isOn("size") || flags.text("format").contains(".Size");
    request.query("size", size);
    Filters.of(flags.all("filter")).into(request);
    long now = System.currentTimeMillis();
    List<ContainerRow> rows = new ArrayList<>();
    for (Json container : session.json(request).items()) {
      rows.add(new ContainerRow(container, flags.isOn("no-trunc"), now));
    }
    String[] columns = flags.isOn("size") ? COLUMNS_WITH_SIZE : COLUMNS;
    new Listing(
            columns,
            Listing.headings(
                "ID", "CONTAINER ID",
                "Names", "NAMES",
                "Image", "IMAGE",
                "Command", "COMMAND",
                "CreatedAt", "CREATED AT",
                "RunningFor", "CREATED",
                "Ports", "PORTS",
                "State", "STATE",
                "Status", "STATUS",
                "Size", "SIZE",
                "Labels", "LABELS",
                "Mounts", "MOUNTS",
                "LocalVolumes", "LOCAL VOLUMES",
                "Networks", "NETWORKS"),
            "ID")
        .print(session, flags, rows);
    return 0;
  }
}
