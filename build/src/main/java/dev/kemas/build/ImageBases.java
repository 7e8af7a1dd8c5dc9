package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.Progress;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import java.util.Optional;

/** {@link Bases} by the images that are here and the registries they come from. */
public final class ImageBases implements Bases {
  private final ImageService images;

  /** Finds images there. */
  public ImageBases(ImageService images) {
    this.images = images;
  }

  @Override
  public Image find(String name, Platform platform, BuildRequest request, Progress progress) {
    Optional<Image> here = here(name);
    boolean fits = here.filter(image -> platform.accepts(image.config().platform())).isPresent();
    boolean isName = !here.map(image -> isId(name, image)).orElse(false);
    if (fits && !(request.freshness().pull() && isName)) {
      images.images().used(here.get().id());
      return here.get();
    }
    Reference reference = Reference.parse(name).withDefaultTag();
    RegistryLogin login = request.access().logins().find(reference.domain());
    return images.puller().pull(reference, Optional.of(platform), login, progress);
  }

  @Override
  public Optional<Image> here(String name, Platform platform) {
    return here(name).filter(image -> platform.accepts(image.config().platform()));
  }

  /** The whole name, as progress has it; an id as it is. */
  static String shown(String name) {
    try {
      return Reference.parse(name).withDefaultTag().toString();
    } catch (Fault.InvalidArgument e) {
      return name; // what it lacks is told when it is looked for
    }
  }

  private Optional<Image> here(String name) {
    try {
      return Optional.of(images.images().get(name));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private static boolean isId(String name, Image image) {
    String hex = name.startsWith("sha256:") ? name.substring("sha256:".length()) : name;
    return image.id().hex().startsWith(hex) && hex.length() >= 12;
  }
}
