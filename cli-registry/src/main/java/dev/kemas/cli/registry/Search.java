package dev.kemas.cli.registry;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.image.RegistryLogin;
import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kemas search}. */
public final class Search extends Command {
  private static final int DESCRIPTION = 45;

  public Search() {}

  @Override
  public String usage() {
    return "[OPTIONS] TERM";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.list("filter", 'f', "Filter output based on conditions provided");
    Listing.declareFormat(flags);
    flags.value("limit", "int", "Max number of search results");
    flags.toggle("no-trunc", "Don't truncate output");
  }

  @Override
  public int run(Session session, Flags flags) {
    String term = flags.arguments().getFirst();
    Request request = Request.get("/images/search").query("term", term);
    request.queryIf("limit", flags.text("limit"));
    Filters.of(flags.all("filter")).into(request);
    RegistryLogin.into(request, session, term);
    List<Found> rows = new ArrayList<>();
    for (Json found : session.json(request).items()) {
      rows.add(new Found(found, flags.isOn("no-trunc")));
    }
    new Listing(
            new String[] {"Name", "Description", "StarCount", "IsOfficial"},
            Listing.headings(
                "Name", "NAME",
                "Description", "DESCRIPTION",
                "StarCount", "STARS",
                "IsOfficial", "OFFICIAL"),
            "")
        .print(session, flags, rows);
    return 0;
  }

  private record Found(Json json, boolean whole) implements Row {
    @Override
    public Optional<Object> field(String name, List<Object> arguments) {
      return switch (name) {
        case "Name" -> Optional.of(json.text("name"));
        case "Description" -> Optional.of(description());
        case "StarCount" -> Optional.of(json.text("star_count"));
        case "IsOfficial" -> Optional.of(json.get("is_official").isTrue() ? "[OK]" : "");
        default -> Optional.empty();
      };
    }

    private String description() {
      String line = json.text("description").replace('\n', ' ').replace('\r', ' ').strip();
      return whole || line.length() <= DESCRIPTION
          ? line
          : line.substring(0, DESCRIPTION - 1) + "…";
    }

    @Override
    public List<String> names() {
      return List.of("Name", "Description", "StarCount", "IsOfficial");
    }
  }
}
