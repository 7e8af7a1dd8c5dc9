package dev.kemas.build.cache;

import dev.kemas.build.CacheSource;
import dev.kemas.build.CacheTarget;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import java.nio.file.Path;

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
   * {@code --cache-from}: {@code type=registry,ref=NAME} or {@code type=local,src=FOLDER}.
   *
   * @throws Fault.InvalidArgument when something is missing
   * @throws Fault.Unsupported for another type
   */
  public CacheSource source(CacheAttributes said) {
    return switch (said.type()) {
      case "registry" -> new StoredCache(registry(said), images);
      case "local" -> new StoredCache(new FolderPlace(Path.of(said.required("src"))), images);
      default -> throw unknown(said, "registry or local");
    };
  }

  /**
   * {@code --cache-to}: {@code type=registry,ref=NAME[,mode=max]}, {@code type=local,dest=FOLDER}
   * or {@code type=inline}.
   *
   * @throws Fault.InvalidArgument when something is missing
   * @throws Fault.Unsupported for another type
   */
  public CacheTarget target(CacheAttributes said) {
    CacheExport.Form form =
        new CacheExport.Form(
            said.max(), said.flag("image-manifest", true), said.flag("ignore-error", false));
    return switch (said.type()) {
      case "inline" -> new InlineCache(images);
      case "registry" -> new CacheExport(registry(said), form, images);
      case "local" ->
          new CacheExport(new FolderPlace(Path.of(said.required("dest"))), form, images);
      default -> throw unknown(said, "inline, registry or local");
    };
  }

  private RegistryPlace registry(CacheAttributes said) {
    return new RegistryPlace(registries, Reference.parse(said.required("ref")).withDefaultTag());
  }

  private static Fault.Unsupported unknown(CacheAttributes said, String known) {
    return new Fault.Unsupported(
        "a cache of type=%s is not known: want %s".formatted(said.type(), known));
  }
}
