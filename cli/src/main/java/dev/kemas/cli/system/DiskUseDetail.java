package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.image.ImageName;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import dev.kemas.text.Columns;
import dev.kemas.text.Human;
import dev.kemas.text.Moments;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas system df -v}: every object with what it takes. */
final class DiskUseDetail {
  private static final int COMMAND = 20;
  private static final String NONE = "<none>";

  /** A table of one kind: a field and its heading in turn, then the lines. */
  private record Table(String name, String title, List<String> columns, List<Json.Obj> lines) {
    String text() {
      Columns text = new Columns();
      text.add(cells(1));
      for (Json.Obj line : lines) {
        String[] cells = cells(0);
        for (int i = 0; i < cells.length; i++) {
          cells[i] = line.text(cells[i]);
        }
        text.add(cells);
      }
      return title + "\n\n" + text.text();
    }

    private String[] cells(int offset) {
      String[] cells = new String[columns.size() / 2];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = columns.get(2 * i + offset);
      }
      return cells;
    }
  }

  private final long now;

  DiskUseDetail(long nowMillis) {
    this.now = nowMillis;
  }

  /** The text for an answer; {@code format} is empty, {@code json} or a template over all of it. */
  String text(Json use, String format) {
    List<Table> tables = List.of(images(use), containers(use), volumes(use), cache(use));
    if (format.isEmpty() || format.equals("table")) {
      StringBuilder out = new StringBuilder();
      for (Table table : tables) {
        out.append(out.isEmpty() ? "" : "\n").append(table.text());
      }
      return out.toString();
    }
    Json.Obj all = Json.object();
    for (Table table : tables) {
      Json.Arr lines = new Json.Arr();
      table.lines().forEach(lines::add);
      all.put(table.name(), lines);
    }
    if (format.equals("json")) {
      return all.write() + "\n";
    }
    try {
      return Template.parse(format.replace("\\t", "\t").replace("\\n", "\n")).apply(all) + "\n";
    } catch (TemplateError e) {
      throw new Exit(1, "failed to execute template: " + e.getMessage(), e);
    }
  }

  private Table images(Json use) {
    List<Json.Obj> lines = new ArrayList<>();
    for (Json image : use.get("Images").items()) {
      List<Json> tags = image.get("RepoTags").items();
      List<Json> digests = image.get("RepoDigests").items();
      ImageName name =
          !tags.isEmpty()
              ? ImageName.of(tags.getFirst().text())
              : new ImageName(
                  digests.isEmpty() ? NONE : ImageName.of(digests.getFirst().text()).name(),
                  ":" + NONE);
      long size = image.get("Size").number();
      long shared = Math.max(0, image.get("SharedSize").number());
      lines.add(
          Json.object()
              .put("Repository", name.name())
              .put("Tag", name.version())
              .put("ID", Human.shortId(image.text("Id")))
              .put("CreatedSince", created(image.get("Created").number()))
              .put("Size", Human.shortSize(size))
              .put("SharedSize", Human.shortSize(shared))
              .put("UniqueSize", Human.shortSize(size - shared))
              .put("Containers", image.text("Containers")));
    }
    return new Table(
        "Images",
        "Images space usage:",
        List.of(
            "Repository", "REPOSITORY",
            "Tag", "TAG",
            "ID", "IMAGE ID",
            "CreatedSince", "CREATED",
            "Size", "SIZE",
            "SharedSize", "SHARED SIZE",
            "UniqueSize", "UNIQUE SIZE",
            "Containers", "CONTAINERS"),
        lines);
  }

  private String created(long unixSeconds) {
    return unixSeconds <= 0 ? "N/A" : Human.ago(unixSeconds, now);
  }

  private Table containers(Json use) {
    List<Json.Obj> lines = new ArrayList<>();
    for (Json container : use.get("Containers").items()) {
      long volumes = 0;
      for (Json mount : container.get("Mounts").items()) {
        volumes += mount.text("Type").equals("volume") ? 1 : 0;
      }
      List<String> names = new ArrayList<>();
      container.get("Names").items().forEach(n -> names.add(n.text().substring(1)));
      lines.add(
          Json.object()
              .put("ID", Human.shortId(container.text("Id")))
              .put("Image", container.text("Image"))
              .put("Command", "\"" + Human.ellipsis(container.text("Command"), COMMAND) + "\"")
              .put("LocalVolumes", Long.toString(volumes))
              .put("Size", Human.shortSize(container.get("SizeRw").number()))
              .put("RunningFor", created(container.get("Created").number()))
              .put("Status", container.text("Status"))
              .put("Names", String.join(",", names)));
    }
    return new Table(
        "Containers",
        "Containers space usage:",
        List.of(
            "ID", "CONTAINER ID",
            "Image", "IMAGE",
            "Command", "COMMAND",
            "LocalVolumes", "LOCAL VOLUMES",
            "Size", "SIZE",
            "RunningFor", "CREATED",
            "Status", "STATUS",
            "Names", "NAMES"),
        lines);
  }

  private static Table volumes(Json use) {
    List<Json.Obj> lines = new ArrayList<>();
    for (Json volume : use.get("Volumes").items()) {
      Json usage = volume.get("UsageData");
      long size = usage.get("Size").number();
      lines.add(
          Json.object()
              .put("Name", volume.text("Name"))
              .put("Links", usage.text("RefCount"))
              .put("Size", size < 0 ? "N/A" : Human.shortSize(size)));
    }
    return new Table(
        "Volumes",
        "Local Volumes space usage:",
        List.of("Name", "VOLUME NAME", "Links", "LINKS", "Size", "SIZE"),
        lines);
  }

  private Table cache(Json use) {
    List<Json.Obj> lines = new ArrayList<>();
    long total = 0;
    for (Json entry : use.get("BuildCache").items()) {
      long size = entry.get("Size").number();
      boolean shared = entry.get("Shared").isTrue();
      total += shared ? 0 : size;
      String id = Human.shortId(entry.text("ID"));
      String used = entry.text("LastUsedAt");
      lines.add(
          Json.object()
              .put("ID", entry.get("InUse").isTrue() ? id + "*" : id)
              .put("CacheType", entry.text("Type"))
              .put("Size", Human.shortSize(size))
              .put("CreatedSince", created(Moments.seconds(entry.text("CreatedAt"))))
              .put("LastUsedSince", used.isEmpty() ? "" : created(Moments.seconds(used)))
              .put("UsageCount", entry.text("UsageCount"))
              .put("Shared", Boolean.toString(shared)));
    }
    return new Table(
        "BuildCache",
        "Build cache usage: " + Human.size(total),
        List.of(
            "ID", "CACHE ID",
            "CacheType", "CACHE TYPE",
            "Size", "SIZE",
            "CreatedSince", "CREATED",
            "LastUsedSince", "LAST USED",
            "UsageCount", "USAGE",
            "Shared", "SHARED"),
        lines);
  }
}
