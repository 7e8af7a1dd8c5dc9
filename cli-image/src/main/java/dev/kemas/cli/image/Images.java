package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Listing;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas images}. */
public final class Images extends Command {
  private static final String NONE = "<none>";

  public Images() {}

  @Override
  public String usage() {
    return "[OPTIONS] [REPOSITORY[:TAG]]";
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("all", 'a', "Show all images (default hides intermediate images)");
    flags.toggle("digests", "Show digests");
    flags.list("filter", 'f', "Filter output based on conditions provided");
    Listing.declareFormat(flags);
    flags.toggle("no-trunc", "Don't truncate output");
    flags.toggle("quiet", 'q', "Only show image IDs");
    flags.toggle("tree", "List images with the platforms they are here for");
  }

  @Override
  public int run(Session session, Flags flags) {
    Filters filters = Filters.of(flags.all("filter"));
    if (!flags.arguments().isEmpty()) {
      filters.add("reference", flags.arguments().getFirst());
    }
    Request request = filters.into(Request.get("/images/json").query("all", flags.isOn("all")));
    if (flags.isOn("tree")) {
      for (String other : new String[] {"quiet", "no-trunc", "digests", "format"}) {
        if (flags.isSet(other)) {
          throw new Exit(1, "--" + other + " and --tree exclude each other");
        }
      }
      session
          .console()
          .print(ImageTree.text(session.json(request.query("manifests", true)).items()));
      return 0;
    }
    if (flags.text("format").contains("Size")) {
      request.query("shared-size", true);
    }
    long now = System.currentTimeMillis();
    boolean whole = flags.isOn("no-trunc");
    boolean quiet = flags.isOn("quiet");
    List<ImageRow> rows = new ArrayList<>();
    for (Json image : session.json(request).items()) {
      if (quiet) {
        rows.add(new ImageRow(image, NONE, NONE, NONE, whole, now));
      } else {
        addRows(image, whole, now, rows);
      }
    }
    String[] columns =
        flags.isOn("digests")
            ? new String[] {"Repository", "Tag", "Digest", "ID", "CreatedSince", "Size"}
            : new String[] {"Repository", "Tag", "ID", "CreatedSince", "Size"};
    new Listing(
            columns,
            Listing.headings(
                "Repository", "REPOSITORY",
                "Tag", "TAG",
                "Digest", "DIGEST",
                "ID", "IMAGE ID",
                "CreatedSince", "CREATED",
                "CreatedAt", "CREATED AT",
                "Size", "SIZE",
                "Containers", "CONTAINERS",
                "SharedSize", "SHARED SIZE",
                "UniqueSize", "UNIQUE SIZE",
                "VirtualSize", "SIZE"),
            "ID")
        .print(session, flags, rows);
    return 0;
  }

  /** A row a tag; one for a digest that no tag has; one for an image that has neither. */
  private static void addRows(Json image, boolean whole, long now, List<ImageRow> rows) {
    List<String> tagged = new ArrayList<>();
    for (Json tag : image.get("RepoTags").items()) {
      ImageName name = ImageName.of(tag.text());
      if (!name.name().equals(NONE)) {
        tagged.add(name.name());
        String digest = digest(image, name.name());
        rows.add(new ImageRow(image, name.name(), name.version(), digest, whole, now));
      }
    }
    boolean any = !tagged.isEmpty();
    for (Json digest : image.get("RepoDigests").items()) {
      ImageName name = ImageName.of(digest.text());
      if (!name.name().equals(NONE) && !tagged.contains(name.name())) {
        any = true;
        rows.add(new ImageRow(image, name.name(), NONE, name.version(), whole, now));
      }
    }
    if (!any) {
      rows.add(new ImageRow(image, NONE, NONE, NONE, whole, now));
    }
  }

  private static String digest(Json image, String repository) {
    for (Json digest : image.get("RepoDigests").items()) {
      ImageName name = ImageName.of(digest.text());
      if (name.name().equals(repository)) {
        return name.version();
      }
    }
    return NONE;
  }
}
