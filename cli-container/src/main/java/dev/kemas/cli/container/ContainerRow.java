package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.template.Row;
import dev.kemas.text.Human;
import dev.kemas.text.Labels;
import dev.kemas.text.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A container as {@code ps} shows it. */
final class ContainerRow implements Row {
  private static final int COMMAND_WIDTH = 20;
  private static final int MOUNT_WIDTH = 15;

  private final Json container;
  private final boolean whole;
  private final long now;

  ContainerRow(Json container, boolean whole, long now) {
    this.container = container;
    this.whole = whole;
    this.now = now;
  }

  @Override
  public List<String> names() {
    return List.of(
        "Command",
        "CreatedAt",
        "ID",
        "Image",
        "Labels",
        "LocalVolumes",
        "Mounts",
        "Names",
        "Networks",
        "Ports",
        "RunningFor",
        "Size",
        "State",
        "Status");
  }

  @Override
  public Optional<Object> field(String name, List<Object> arguments) {
    return switch (name) {
      case "ID" -> Optional.of(id());
      case "Names" -> Optional.of(namesText());
      case "Image" -> Optional.of(image());
      case "Command" -> Optional.of(command());
      case "CreatedAt" -> Optional.of(Moments.goForm(container.get("Created").number()));
      case "RunningFor" -> Optional.of(Human.ago(container.get("Created").number(), now));
      case "Ports" -> Optional.of(Ports.display(container.get("Ports")));
      case "State" -> Optional.of(container.text("State"));
      case "Status" -> Optional.of(container.text("Status"));
      case "Size" -> Optional.of(size());
      case "Labels" -> Optional.of(Labels.text(container.get("Labels")));
      case "Label" -> Optional.of(Labels.one(container.get("Labels"), arguments));
      case "Mounts" -> Optional.of(mounts());
      case "LocalVolumes" -> Optional.of(Integer.toString(localVolumes()));
      case "Networks" ->
          Optional.of(
              String.join(
                  ",",
                  new TreeSet<>(
                      container.get("NetworkSettings").get("Networks").fields().keySet())));
      case "Platform" -> Optional.of("");
      default -> Optional.empty();
    };
  }

  private String id() {
    String id = container.text("Id");
    return whole ? id : Human.shortId(id);
  }

  private String namesText() {
    StringBuilder out = new StringBuilder();
    for (Json name : container.get("Names").items()) {
      String text = name.text();
      String plain = text.startsWith("/") ? text.substring(1) : text;
      // a name with a slash within is the alias of a link
      if (whole || plain.indexOf('/') < 0) {
        out.append(out.isEmpty() ? "" : ",").append(plain);
      }
    }
    return out.toString();
  }

  private String image() {
    String image = container.text("Image");
    if (image.isEmpty()) {
      return "<no image>";
    }
    if (whole) {
      return image;
    }
    String id = container.text("ImageID");
    if (Human.shortId(id).equals(Human.shortId(image))) {
      return Human.shortId(image);
    }
    int at = image.indexOf('@');
    return at < 0 ? image : image.substring(0, at);
  }

  private String command() {
    String command = container.text("Command");
    return "\"" + (whole ? command : Human.ellipsis(command, COMMAND_WIDTH)) + "\"";
  }

  private String size() {
    String own = Human.shortSize(container.get("SizeRw").number());
    long root = container.get("SizeRootFs").number();
    return root > 0 ? own + " (virtual " + Human.shortSize(root) + ")" : own;
  }

  private String mounts() {
    List<String> shown = new ArrayList<>();
    for (Json mount : container.get("Mounts").items()) {
      String name = mount.text("Name");
      String text = name.isEmpty() ? mount.text("Source") : name;
      shown.add(whole ? text : Human.ellipsis(text, MOUNT_WIDTH));
    }
    return String.join(",", shown);
  }

  private int localVolumes() {
    int count = 0;
    for (Json mount : container.get("Mounts").items()) {
      if (mount.text("Driver").equals("local")) {
        count++;
      }
    }
    return count;
  }
}
