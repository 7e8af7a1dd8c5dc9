package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageList;
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

  /** Under these names. */
  public StoreExport(List<Reference> names) {
    this(names, Attestor.NONE);
  }

  /** Under these names, with statements. */
  public StoreExport(List<Reference> names, Attestor attestor) {
    this.names = names.stream().map(Reference::withDefaultTag).toList();
    this.attestor = attestor;
  }

  @Override
  public String title() {
    return "exporting to image";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    boolean list = delivery.results().size() != 1 || attestor.wants(false);
    ImageIndexes.Added added = list ? addList(delivery) : addOne(delivery);
    Digest id = added.main().id();
    delivery.progress().say("writing image " + id);
    delivery.progress().event(new BuildEvent.Built(id));
    for (Reference name : names) {
      delivery.progress().say("naming to " + name);
      delivery.progress().event(new BuildEvent.Tagged(name));
    }
    return ImageReport.of(added.top(), id);
  }

  private ImageIndexes.Added addOne(Delivery delivery) {
    Built built = delivery.results().getFirst();
    if (built.unchanged().isPresent()) {
      Image image = built.unchanged().get();
      names.forEach(name -> delivery.images().tag(image.id(), name));
      return added(image, built);
    }
    NewImage image = built.image();
    return added(
        delivery.images().add(new NewImage(image.config(), image.layers(), image.parent(), names)),
        built);
  }

  private static ImageIndexes.Added added(Image image, Built built) {
    return new ImageIndexes.Added(image, image.manifest().withPlatform(built.platform()));
  }

  private ImageIndexes.Added addList(Delivery delivery) {
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
    return delivery.images().add(ImageList.of(parts), ImageIndexes.Names.of(names));
  }
}
