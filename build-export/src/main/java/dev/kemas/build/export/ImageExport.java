package dev.kemas.build.export;

import dev.kemas.build.Attestor;
import dev.kemas.build.BuildEvent;
import dev.kemas.build.Export;
import dev.kemas.build.ImageReport;
import dev.kemas.build.StoreExport;
import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageService;
import dev.kemas.image.Packing;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link Export} into the engine's images in whatever form a client asks for. Layers that have a
 * form of their own are compressed at once: what is pushed later is what was asked for.
 */
public final class ImageExport implements Export {
  private final ExportOptions.Image options;
  private final Attestor attestor;
  private final ImageService images;
  private Optional<Digest> top = Optional.empty();

  /**
   * @param attestor says what is attached
   */
  public ImageExport(ExportOptions.Image options, Attestor attestor, ImageService images) {
    this.options = options;
    this.attestor = attestor;
    this.images = images;
  }

  @Override
  public String title() {
    return "exporting to image";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    boolean list = options.form().isList(delivery, attestor);
    List<Reference> repositories = repositories();
    if (!list && options.form().isPlain() && repositories.isEmpty()) {
      return new StoreExport(options.names()).deliver(delivery);
    }
    List<Reference> tags =
        options.byDigest()
            ? List.of()
            : options.names().stream().map(Reference::withDefaultTag).toList();
    // what is named by its digest must not get another one when it is pushed
    boolean fixed = !options.form().isPlain() || !repositories.isEmpty();
    try (Hold hold = images.layers().hold("export of " + options.names())) {
      ImageIndexes.Added added =
          delivery
              .images()
              .add(
                  options
                      .form()
                      .images(
                          delivery,
                          options.names(),
                          attestor,
                          fixed ? Optional.of(Packing.USUAL) : Optional.empty(),
                          images.exchange(),
                          hold),
                  new ImageIndexes.Names(tags, repositories));
      delivery.progress().say("writing image " + added.main().id());
      delivery.progress().event(new BuildEvent.Built(added.main().id()));
      for (Reference name : tags) {
        delivery.progress().say("naming to " + name);
        delivery.progress().event(new BuildEvent.Tagged(name));
      }
      for (Reference name : repositories) {
        delivery.progress().say("naming to " + name.withDigest(added.top().digest()));
      }
      top = Optional.of(added.top().digest());
      return ImageReport.of(added.top(), added.main().id());
    } finally {
      images.tidy().run();
    }
  }

  /** The digest of what was named in repositories; once it was delivered. */
  Digest top() {
    return top.orElseThrow(() -> new Fault.Internal("nothing was exported that has a digest"));
  }

  private List<Reference> repositories() {
    List<Reference> repositories = new ArrayList<>();
    if (options.canonical() || options.byDigest()) {
      repositories.addAll(options.names());
    }
    if (!options.danglingOnly() || options.names().isEmpty()) {
      options.dangling().ifPresent(repositories::add);
    }
    return List.copyOf(repositories);
  }
}
