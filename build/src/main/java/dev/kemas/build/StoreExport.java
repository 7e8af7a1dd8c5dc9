package dev.kemas.build;

import dev.kemas.image.NewImage;
import dev.kemas.image.PlatformImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@link Export} into the engine's images. Of several platforms, and where something is to be said
 * of the image, the names stand for a list of manifests.
 */
public final class StoreExport implements Export {
  private final List<Reference> names;
  private final Attestor attestor;
  private final boolean attests;

  /** Under these names. */
  public StoreExport(List<Reference> names) {
    this(names, Attestor.NONE, false);
  }

  /** Under these names, with statements. */
  public StoreExport(List<Reference> names, Attestor attestor) {
    this(names, attestor, true);
  }

  private StoreExport(List<Reference> names, Attestor attestor, boolean attests) {
    this.names = names.stream().map(Reference::withDefaultTag).toList();
    this.attestor = attestor;
    this.attests = attests;
  }

  @Override
  public String title() {
    return "exporting to image";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    boolean list = delivery.results().size() != 1 || attests;
    Digest id = list ? addList(delivery) : addOne(delivery);
    delivery.progress().say("writing image " + id);
    delivery.progress().event(new BuildEvent.Built(id));
    for (Reference name : names) {
      delivery.progress().say("naming to " + name);
      delivery.progress().event(new BuildEvent.Tagged(name));
    }
    return Map.of(
        "containerimage.config.digest", id.toString(), "containerimage.digest", id.toString());
  }

  private Digest addOne(Delivery delivery) {
    Built built = delivery.results().getFirst();
    if (built.unchanged().isPresent()) {
      Digest id = built.unchanged().get().id();
      names.forEach(name -> delivery.images().tag(id, name));
      return id;
    }
    NewImage image = built.image();
    return delivery
        .images()
        .add(new NewImage(image.config(), image.layers(), image.parent(), names))
        .id();
  }

  private Digest addList(Delivery delivery) {
    List<PlatformImage> parts = new ArrayList<>();
    for (Built built : delivery.results()) {
      delivery.cancelled().check();
      PlatformImage.Content content =
          built
              .unchanged()
              .<PlatformImage.Content>map(image -> new PlatformImage.Here(image.id()))
              .orElseGet(() -> new PlatformImage.Made(built.image()));
      parts.add(new PlatformImage(content, attestor.about(built, delivery, names)));
    }
    return delivery.images().add(parts, names).id();
  }
}
