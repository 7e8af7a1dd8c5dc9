package dev.kemas.build.export;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.Export;
import dev.kemas.image.ImageService;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link Export} to registries, of an image that an earlier export gave these names. */
public final class PushExport implements Export {
  private final List<Reference> names;
  private final ImageService images;
  private final BuildRequest.Logins logins;

  /**
   * A push.
   *
   * @param names to be pushed, each to its registry
   */
  public PushExport(List<Reference> names, ImageService images, BuildRequest.Logins logins) {
    this.names = names.stream().map(Reference::withDefaultTag).toList();
    this.images = images;
    this.logins = logins;
  }

  @Override
  public String title() {
    return "pushing to registry";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    for (Reference name : names) {
      delivery.cancelled().check();
      delivery.progress().say("pushing manifest for " + name);
      images
          .pusher()
          .push(
              name,
              Optional.empty(),
              logins.find(name.domain()),
              event -> {
                delivery.cancelled().check();
                delivery.progress().pull(event);
              });
    }
    return Map.of();
  }
}
