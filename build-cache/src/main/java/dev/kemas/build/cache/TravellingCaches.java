package dev.kemas.build.cache;

import dev.kemas.build.CacheSource;
import dev.kemas.build.CacheTarget;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.mount.travel.TravelLimits;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import java.nio.file.Path;
import java.util.Optional;

/** Makes caches of other machines out of what is said of them (docs/caching.md). */
public final class TravellingCaches {
  private final ImageService images;
  private final RegistryClient registries;

  /** Of layers of these images. */
  public TravellingCaches(ImageService images, RegistryClient registries) {
    this.images = images;
    this.registries = registries;
  }

  /**
   * {@code --cache-from}: {@code type=registry,ref=NAME} or {@code type=local,src=FOLDER}, each
   * with {@code mounts=true} where cache mounts are to be filled, too.
   *
   * @throws Fault.InvalidArgument when something is missing
   * @throws Fault.Unsupported for another type
   */
  public CacheSource source(CacheAttributes said) {
    return switch (said.type()) {
      case "registry" -> source(registry(said), said);
      case "local" -> source(new FolderPlace(Path.of(said.required("src"))), said);
      default -> throw unknown(said, "registry or local");
    };
  }

  /**
   * {@code --cache-to}: {@code type=registry,ref=NAME[,mode=max]}, {@code type=local,dest=FOLDER}
   * or {@code type=inline}. The first two take {@code mounts=true[,mounts-max=2g]}.
   *
   * @throws Fault.InvalidArgument when something is missing
   * @throws Fault.Unsupported for another type
   */
  public CacheTarget target(CacheAttributes said) {
    CacheExport.Form form = form(said);
    return switch (said.type()) {
      case "inline" -> inline(said);
      case "registry" -> target(registry(said), form, said);
      case "local" -> target(new FolderPlace(Path.of(said.required("dest"))), form, said);
      default -> throw unknown(said, "inline, registry or local");
    };
  }

  private CacheSource source(CachePlace place, CacheAttributes said) {
    return new StoredCache(place, images, mounts(place, said));
  }

  private CacheTarget target(CachePlace place, CacheExport.Form form, CacheAttributes said) {
    return new CacheExport(place, form, images, mounts(place, said));
  }

  private InlineCache inline(CacheAttributes said) {
    if (said.flag("mounts", false)) {
      throw new Fault.InvalidArgument(
          "cache mounts are in no image: use mounts=true with type=registry or type=local");
    }
    return new InlineCache(images);
  }

  private static Optional<TravellingMounts> mounts(CachePlace place, CacheAttributes said) {
    TravelLimits limits =
        said.size("mounts-max").map(TravelLimits::new).orElse(TravelLimits.DEFAULT);
    return said.flag("mounts", false)
        ? Optional.of(TravellingMounts.at(place, limits))
        : Optional.empty();
  }

  /**
   * {@code --cache-from type=local,src=FOLDER,digest=DIGEST} of a client.
   *
   * @throws Fault.InvalidArgument when something is missing
   */
  public CacheSource source(CacheAttributes said, BlobPlace folder) {
    Digest manifest = Digest.parse(said.required("digest"));
    return source(new ClientPlace(said.required("src"), folder, Optional.of(manifest)), said);
  }

  /**
   * {@code --cache-to type=local,dest=FOLDER} of a client.
   *
   * @throws Fault.InvalidArgument when something is missing
   */
  public CacheTarget target(CacheAttributes said, BlobPlace folder) {
    ClientPlace place = new ClientPlace(said.required("dest"), folder, Optional.empty());
    return target(place, form(said), said);
  }

  /** An image with a cache in its configuration: one that is here, or of its registry. */
  public CacheSource image(String name) {
    Reference reference = Reference.parse(name).withDefaultTag();
    return new ImageCache(
        name,
        images,
        new StoredCache(new RegistryPlace(registries, reference), images, Optional.empty()));
  }

  private static CacheExport.Form form(CacheAttributes said) {
    return new CacheExport.Form(
        said.max(), said.flag("image-manifest", true), said.flag("ignore-error", false));
  }

  private RegistryPlace registry(CacheAttributes said) {
    return new RegistryPlace(registries, Reference.parse(said.required("ref")).withDefaultTag());
  }

  private static Fault.Unsupported unknown(CacheAttributes said, String known) {
    return new Fault.Unsupported(
        "a cache of type=%s is not known: want %s".formatted(said.type(), known));
  }
}
