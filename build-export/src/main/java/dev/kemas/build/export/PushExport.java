package dev.kemas.build.export;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.Export;
import dev.kemas.build.ImageReport;
import dev.kemas.image.ImageIndex;
import dev.kemas.image.ImageService;
import dev.kemas.image.Progress;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@link Export} to registries, of an image that an earlier export gave these names. */
public final class PushExport implements Export {
  private final List<Reference> names;
  private final Optional<Supplier<Digest>> byDigest;
  private final ImageService images;
  private final BuildRequest.Logins logins;

  /**
   * A push of tags.
   *
   * @param names to be pushed, each to its registry
   */
  public PushExport(List<Reference> names, ImageService images, BuildRequest.Logins logins) {
    this(names.stream().map(Reference::withDefaultTag).toList(), Optional.empty(), images, logins);
  }

  /**
   * A push without tags.
   *
   * @param names of repositories
   * @param digest of what an earlier export named in them
   */
  public static PushExport ofDigest(
      List<Reference> names,
      Supplier<Digest> digest,
      ImageService images,
      BuildRequest.Logins logins) {
    return new PushExport(names, Optional.of(digest), images, logins);
  }

  private PushExport(
      List<Reference> names,
      Optional<Supplier<Digest>> byDigest,
      ImageService images,
      BuildRequest.Logins logins) {
    this.names = List.copyOf(names);
    this.byDigest = byDigest;
    this.images = images;
    this.logins = logins;
  }

  @Override
  public String title() {
    return "pushing to registry";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    try {
      return push(delivery);
    } finally {
      // an image that is packed for a registry leaves the documents that it had before
      images.tidy().run();
    }
  }

  private Map<String, String> push(Delivery delivery) {
    Map<String, String> told = new TreeMap<>();
    for (Reference name : names) {
      delivery.cancelled().check();
      delivery.progress().say("pushing manifest for " + name);
      List<Digest> pushed = new CopyOnWriteArrayList<>();
      Consumer<Progress.Event> progress =
          event -> {
            delivery.cancelled().check();
            if (event instanceof Progress.Pushed done) {
              pushed.add(done.digest());
            }
            delivery.progress().pull(event);
          };
      if (byDigest.isPresent()) {
        Digest top = byDigest.get().get();
        images
            .pusher()
            .pushDigest(name.withDigest(top), logins.find(name.domain()), progress::accept);
      } else {
        images.pusher().push(name, Optional.empty(), logins.find(name.domain()), progress::accept);
      }
      // packed for the registry it has another digest than it had here
      pushed.forEach(digest -> named(name, digest).map(ImageReport::of).ifPresent(told::putAll));
    }
    return told;
  }

  private Optional<Descriptor> named(Reference name, Digest digest) {
    Optional<Descriptor> list = images.indexes().find(name).map(ImageIndex::descriptor);
    return list.or(() -> images.images().find(name).map(image -> image.manifest()))
        .filter(one -> one.digest().equals(digest));
  }
}
