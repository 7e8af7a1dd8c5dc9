package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Map;

/** {@link Export} into the engine's images. */
final class StoreExport implements Export {
  private final List<Reference> names;

  StoreExport(List<Reference> names) {
    this.names = names.stream().map(Reference::withDefaultTag).toList();
  }

  @Override
  public String title() {
    return "exporting to image";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    if (delivery.results().size() != 1) {
      throw new Fault.Unsupported(
          "an image for several platforms needs a list of images: push it or write an archive");
    }
    Built built = delivery.results().getFirst();
    Digest id;
    if (built.unchanged().isPresent()) {
      id = built.unchanged().get().id();
      names.forEach(name -> delivery.images().tag(id, name));
    } else {
      NewImage image = built.image();
      id =
          delivery
              .images()
              .add(new NewImage(image.config(), image.layers(), image.parent(), names))
              .id();
    }
    delivery.progress().say("writing image " + id);
    delivery.progress().event(new BuildEvent.Built(id));
    for (Reference name : names) {
      delivery.progress().say("naming to " + name);
      delivery.progress().event(new BuildEvent.Tagged(name));
    }
    return Map.of(
        "containerimage.config.digest", id.toString(), "containerimage.digest", id.toString());
  }
}
