package dev.kemas.cli.network;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import dev.kemas.text.Human;
import dev.kemas.text.Labels;
import dev.kemas.text.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code kemas network ls}. */
public final class NetworkList extends Command {
  public NetworkList() {}

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
    flags.list("filter", 'f', "Provide filter values (e.g. \"driver=bridge\")");
    Listing.declareFormat(flags);
    flags.toggle("no-trunc", "Do not truncate the output");
    flags.toggle("quiet", 'q', "Only display network IDs");
  }

  @Override
  public int run(Session session, Flags flags) {
    Request request = Filters.of(flags.all("filter")).into(Request.get("/networks"));
    List<Json> networks = new ArrayList<>(session.json(request).items());
    networks.sort(Comparator.comparing(network -> network.text("Name")));
    List<Row> rows = new ArrayList<>();
    for (Json network : networks) {
      rows.add(new NetworkRow(network, flags.isOn("no-trunc")));
    }
    new Listing(
            new String[] {"ID", "Name", "Driver", "Scope"},
            Listing.headings(
                "ID", "NETWORK ID",
                "Name", "NAME",
                "Driver", "DRIVER",
                "Scope", "SCOPE",
                "IPv4", "IPV4",
                "IPv6", "IPV6",
                "Internal", "INTERNAL",
                "Labels", "LABELS",
                "CreatedAt", "CREATED AT"),
            "ID")
        .print(session, flags, rows);
    return 0;
  }

  /** A network as the list shows it. */
  private record NetworkRow(Json network, boolean whole) implements Row {
    @Override
    public List<String> names() {
      return List.of(
          "CreatedAt", "Driver", "ID", "IPv4", "IPv6", "Internal", "Labels", "Name", "Scope");
    }

    @Override
    public Optional<Object> field(String name, List<Object> arguments) {
      return switch (name) {
        case "ID" -> Optional.of(whole ? network.text("Id") : Human.shortId(network.text("Id")));
        case "Name", "Driver", "Scope" -> Optional.of(network.text(name));
        case "IPv4" -> Optional.of(truth("EnableIPv4"));
        case "IPv6" -> Optional.of(truth("EnableIPv6"));
        case "Internal" -> Optional.of(truth("Internal"));
        case "Labels" -> Optional.of(Labels.text(network.get("Labels")));
        case "Label" -> Optional.of(Labels.one(network.get("Labels"), arguments));
        case "CreatedAt" -> Optional.of(Moments.goForm(Moments.seconds(network.text("Created"))));
        default -> Optional.empty();
      };
    }

    private String truth(String name) {
      return Boolean.toString(network.get(name).isTrue());
    }
  }
}
