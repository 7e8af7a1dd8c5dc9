package dev.kemas.cli.volume;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import dev.kemas.text.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code kemas volume ls}. */
public final class VolumeList extends Command {
  public VolumeList() {}

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
    flags.list("filter", 'f', "Provide filter values (e.g. \"dangling=true\")");
    Listing.declareFormat(flags);
    flags.toggle("quiet", 'q', "Only display volume names");
  }

  @Override
  public int run(Session session, Flags flags) {
    Request request = Filters.of(flags.all("filter")).into(Request.get("/volumes"));
    List<Json> volumes = new ArrayList<>(session.json(request).get("Volumes").items());
    volumes.sort(Comparator.comparing(volume -> volume.text("Name")));
    List<Row> rows = new ArrayList<>();
    for (Json volume : volumes) {
      rows.add(new VolumeRow(volume));
    }
    new Listing(
            new String[] {"Driver", "Name"},
            Listing.headings(
                "Driver", "DRIVER",
                "Name", "VOLUME NAME",
                "Scope", "SCOPE",
                "Mountpoint", "MOUNTPOINT",
                "Labels", "LABELS",
                "Links", "LINKS",
                "Size", "SIZE"),
            "Name")
        .print(session, flags, rows);
    return 0;
  }

  /** A volume as the list shows it. */
  private record VolumeRow(Json volume) implements Row {
    @Override
    public List<String> names() {
      return List.of(
          "Availability",
          "Driver",
          "Group",
          "Labels",
          "Links",
          "Mountpoint",
          "Name",
          "Scope",
          "Size",
          "Status");
    }

    @Override
    public Optional<Object> field(String name, List<Object> arguments) {
      return switch (name) {
        case "Driver", "Mountpoint", "Name", "Scope" -> Optional.of(volume.text(name));
        case "Labels" -> Optional.of(Labels.text(volume.get("Labels")));
        case "Label" -> Optional.of(Labels.one(volume.get("Labels"), arguments));
        case "Availability", "Group", "Links", "Size", "Status" -> Optional.of("N/A");
        default -> Optional.empty();
      };
    }
  }
}
