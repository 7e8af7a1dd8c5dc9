package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import dev.kemas.text.Columns;
import dev.kemas.text.Human;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas images --tree}: each image with the platforms it is here for. */
final class ImageTree {
  private static final String BRANCH = "├─ ";
  private static final String LAST_BRANCH = "└─ ";

  private ImageTree() {}

  /**
   * The text.
   *
   * @param images as the engine lists them when it is asked for manifests
   * @throws Exit when the engine does not tell of manifests
   */
  static String text(List<Json> images) {
    Columns table = new Columns();
    table.add("IMAGE", "ID", "DISK USAGE", "CONTENT SIZE", "IN USE");
    for (Json image : images) {
      if (image.get("Manifests").isNull()) {
        throw new Exit(
            1, "this engine does not tell of manifests: --tree needs one with API 1.47 or newer");
      }
      add(table, image);
    }
    return table.text();
  }

  private static void add(Columns table, Json image) {
    List<Json> manifests = new ArrayList<>();
    long total = 0;
    long content = 0;
    boolean used = image.get("Containers").number() > 0;
    for (Json manifest : image.get("Manifests").items()) {
      total += manifest.get("Size").get("Total").number();
      content += manifest.get("Size").get("Content").number();
      if (manifest.text("Kind").equals("image")) {
        manifests.add(manifest);
        used |= uses(manifest);
      }
    }
    List<String> names = names(image);
    for (int i = 0; i < names.size(); i++) {
      if (i < names.size() - 1) {
        table.add(names.get(i));
      } else {
        String id = Human.shortId(image.text("Id"));
        table.add(names.get(i), id, Human.shortSize(total), Human.shortSize(content), mark(used));
      }
    }
    for (Json manifest : manifests) {
      String branch = manifest.equals(manifests.getLast()) ? LAST_BRANCH : BRANCH;
      boolean here = manifest.get("Available").isTrue();
      table.add(
          branch + platform(manifest.get("ImageData").get("Platform")),
          Human.shortId(manifest.text("ID")),
          here ? Human.shortSize(manifest.get("Size").get("Total").number()) : "-",
          here ? Human.shortSize(manifest.get("Size").get("Content").number()) : "-",
          mark(uses(manifest)));
    }
  }

  private static boolean uses(Json manifest) {
    return !manifest.get("ImageData").get("Containers").items().isEmpty();
  }

  private static String mark(boolean used) {
    return used ? "yes" : "";
  }

  private static List<String> names(Json image) {
    List<String> names = new ArrayList<>();
    image.get("RepoTags").items().forEach(tag -> names.add(tag.text()));
    if (names.isEmpty()) {
      for (Json digest : image.get("RepoDigests").items()) {
        names.add(ImageName.of(digest.text()).name() + ":<none>");
      }
    }
    return names.isEmpty() ? List.of("<untagged>") : names;
  }

  private static String platform(Json platform) {
    String variant = platform.text("variant");
    return platform.text("os")
        + "/"
        + platform.text("architecture")
        + (variant.isEmpty() ? "" : "/" + variant);
  }
}
