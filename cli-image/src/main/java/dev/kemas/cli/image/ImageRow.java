package dev.kemas.cli.image;

import dev.kemas.api.client.Json;
import dev.kemas.template.Row;
import dev.kemas.text.Human;
import dev.kemas.text.Labels;
import dev.kemas.text.Moments;
import java.util.List;
import java.util.Optional;

/** An image under one of its names, as {@code kemas images} shows it. */
record ImageRow(Json image, String repository, String tag, String digest, boolean whole, long now)
    implements Row {
  @Override
  public List<String> names() {
    return List.of(
        "Containers",
        "CreatedAt",
        "CreatedSince",
        "Digest",
        "ID",
        "Repository",
        "SharedSize",
        "Size",
        "Tag",
        "UniqueSize",
        "VirtualSize");
  }

  @Override
  public Optional<Object> field(String name, List<Object> arguments) {
    long created = image.get("Created").number();
    return switch (name) {
      case "Repository" -> Optional.of(repository);
      case "Tag" -> Optional.of(tag);
      case "Digest" -> Optional.of(digest);
      case "ID" -> Optional.of(whole ? image.text("Id") : Human.shortId(image.text("Id")));
      case "CreatedSince" -> Optional.of(created <= 0 ? "N/A" : Human.ago(created, now));
      case "CreatedAt" -> Optional.of(Moments.goForm(created));
      case "Size" -> Optional.of(Human.shortSize(image.get("Size").number()));
      case "VirtualSize" -> Optional.of(Human.size(image.get("Size").number()));
      case "Containers" -> Optional.of(count(image.get("Containers")));
      case "SharedSize" -> Optional.of(size(image.get("SharedSize")));
      case "UniqueSize" -> Optional.of(unique());
      case "Label" -> Optional.of(Labels.one(image.get("Labels"), arguments));
      default -> Optional.empty();
    };
  }

  private String unique() {
    long shared = image.get("SharedSize").number();
    return image.get("SharedSize").isNull() || shared < 0
        ? "N/A"
        : Human.size(image.get("Size").number() - shared);
  }

  private static String count(Json value) {
    return value.isNull() || value.number() < 0 ? "N/A" : value.text();
  }

  private static String size(Json value) {
    return value.isNull() || value.number() < 0 ? "N/A" : Human.size(value.number());
  }
}
