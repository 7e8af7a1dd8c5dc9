package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Row;
import dev.kemas.text.Human;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kemas system df}. */
public final class DiskUse extends Command {
  public DiskUse() {}

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
    Listing.declareFormat(flags);
    flags.toggle("verbose", 'v', "Show detailed information on space usage");
  }

  @Override
  public int run(Session session, Flags flags) {
    Json use = session.json(Request.get("/system/df"));
    if (flags.isOn("verbose")) {
      session
          .console()
          .print(new DiskUseDetail(System.currentTimeMillis()).text(use, flags.text("format")));
      return 0;
    }
    List<Row> rows = new ArrayList<>();
    rows.add(images(use));
    rows.add(containers(use.get("Containers").items()));
    rows.add(volumes(use.get("Volumes").items()));
    rows.add(cache(use.get("BuildCache").items()));
    new Listing(
            new String[] {"Type", "TotalCount", "Active", "Size", "Reclaimable"},
            Listing.headings(
                "Type", "TYPE",
                "TotalCount", "TOTAL",
                "Active", "ACTIVE",
                "Size", "SIZE",
                "Reclaimable", "RECLAIMABLE"),
            "")
        .print(session, flags, rows);
    return 0;
  }

  private static Use images(Json use) {
    int active = 0;
    long used = 0;
    List<Json> images = use.get("Images").items();
    for (Json image : images) {
      if (image.get("Containers").number() > 0) {
        active++;
        used += image.get("Size").number() - Math.max(0, image.get("SharedSize").number());
      }
    }
    long total = use.get("LayersSize").number();
    return new Use("Images", images.size(), active, total, Math.max(0, total - used), true);
  }

  private static Use containers(List<Json> containers) {
    int active = 0;
    long total = 0;
    long free = 0;
    for (Json container : containers) {
      String state = container.text("State");
      long size = container.get("SizeRw").number();
      total += size;
      if (state.equals("running") || state.equals("paused") || state.equals("restarting")) {
        active++;
      } else {
        free += size;
      }
    }
    return new Use("Containers", containers.size(), active, total, free, true);
  }

  private static Use volumes(List<Json> volumes) {
    int active = 0;
    long total = 0;
    long free = 0;
    for (Json volume : volumes) {
      Json usage = volume.get("UsageData");
      long size = Math.max(0, usage.get("Size").number());
      total += size;
      if (usage.get("RefCount").number() > 0) {
        active++;
      } else {
        free += size;
      }
    }
    return new Use("Local Volumes", volumes.size(), active, total, free, true);
  }

  private static Use cache(List<Json> records) {
    int active = 0;
    long total = 0;
    long free = 0;
    for (Json record : records) {
      long size = record.get("Shared").isTrue() ? 0 : record.get("Size").number();
      total += size;
      if (record.get("InUse").isTrue()) {
        active++;
      } else {
        free += size;
      }
    }
    return new Use("Build Cache", records.size(), active, total, free, false);
  }

  /** A line of the table. */
  private record Use(String type, int count, int active, long size, long free, boolean share)
      implements Row {
    @Override
    public List<String> names() {
      return List.of("Active", "Reclaimable", "Size", "TotalCount", "Type");
    }

    @Override
    public Optional<Object> field(String name, List<Object> arguments) {
      return switch (name) {
        case "Type" -> Optional.of(type);
        case "TotalCount" -> Optional.of(Integer.toString(count));
        case "Active" -> Optional.of(Integer.toString(active));
        case "Size" -> Optional.of(Human.size(size));
        case "Reclaimable" -> Optional.of(reclaimable());
        default -> Optional.empty();
      };
    }

    private String reclaimable() {
      String text = Human.size(free);
      return share && size > 0 ? text + " (" + free * 100 / size + "%)" : text;
    }
  }
}
