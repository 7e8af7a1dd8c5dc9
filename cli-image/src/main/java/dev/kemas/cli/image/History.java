package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import dev.kemas.text.Human;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kemas history}. */
public final class History extends Command {
  private static final int WIDTH = 45;

  public History() {}

  @Override
  public String usage() {
    return "[OPTIONS] IMAGE";
  }

  @Override
  public String completes() {
    return "images";
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
    Listing.declareFormat(flags);
    flags.value("human", 'H', "bool", "Print sizes and dates in human readable format", "true");
    flags.toggle("no-trunc", "Don't truncate output");
    flags.toggle("quiet", 'q', "Only show image IDs");
  }

  @Override
  public int run(Session session, Flags flags) {
    String image = flags.arguments().getFirst();
    Json history = session.json(Request.get("/images/" + Request.encode(image) + "/history"));
    boolean human = flags.text("human").equals("true");
    long now = System.currentTimeMillis();
    List<Row> rows = new ArrayList<>();
    for (Json step : history.items()) {
      rows.add(new Step(step, flags.isOn("no-trunc"), human, now));
    }
    String created = human ? "CreatedSince" : "CreatedAt";
    new Listing(
            new String[] {"ID", created, "CreatedBy", "Size", "Comment"},
            Listing.headings(
                "ID", "IMAGE",
                "CreatedSince", "CREATED",
                "CreatedAt", "CREATED AT",
                "CreatedBy", "CREATED BY",
                "Size", "SIZE",
                "Comment", "COMMENT"),
            "ID")
        .print(session, flags, rows);
    return 0;
  }

  /** One step of the history. */
  private record Step(Json step, boolean whole, boolean human, long now) implements Row {
    @Override
    public List<String> names() {
      return List.of("Comment", "CreatedAt", "CreatedBy", "CreatedSince", "ID", "Size");
    }

    @Override
    public Optional<Object> field(String name, List<Object> arguments) {
      long created = step.get("Created").number();
      return switch (name) {
        case "ID" -> Optional.of(whole ? step.text("Id") : Human.shortId(step.text("Id")));
        case "CreatedAt" -> Optional.of(Instant.ofEpochSecond(created).toString());
        case "CreatedSince" -> Optional.of(created <= 0 ? "N/A" : Human.ago(created, now));
        case "CreatedBy" -> {
          String by = step.text("CreatedBy").replace('\t', ' ');
          yield Optional.of(whole ? by : Human.ellipsis(by, WIDTH));
        }
        case "Size" ->
            Optional.of(human ? Human.shortSize(step.get("Size").number()) : step.text("Size"));
        case "Comment" -> Optional.of(step.text("Comment"));
        default -> Optional.empty();
      };
    }
  }
}
