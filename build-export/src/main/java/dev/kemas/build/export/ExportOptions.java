package dev.kemas.build.export;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients say of a place for results: {@code type=oci,compression=zstd,...}, with the types
 * and options of BuildKit's exporters.
 */
public sealed interface ExportOptions {

  /** The time that no file is younger than, where the exporter says one and not the build. */
  Optional<Instant> epoch();

  /**
   * Into the engine's images, and to registries.
   *
   * @param names empty for none
   * @param canonical whether each name is given with the digest, too
   * @param dangling the repository that names it by its digest
   * @param danglingOnly whether only where it has no other name
   */
  record Image(
      List<Reference> names,
      FormOptions form,
      boolean push,
      boolean byDigest,
      boolean canonical,
      Optional<Reference> dangling,
      boolean danglingOnly)
      implements ExportOptions {
    public Image {
      names = List.copyOf(names);
    }

    @Override
    public Optional<Instant> epoch() {
      return form.epoch();
    }
  }

  /**
   * Into an archive, or a folder of the same content.
   *
   * @param tar whether it is one file
   */
  record Archive(ArchiveExport.Kind kind, List<Reference> names, FormOptions form, boolean tar)
      implements ExportOptions {
    public Archive {
      names = List.copyOf(names);
    }

    @Override
    public Optional<Instant> epoch() {
      return form.epoch();
    }
  }

  /**
   * The files alone.
   *
   * @param tar whether as one archive
   * @param split whether each platform has a folder of its own; empty: when there are several
   * @param prefix of the names of statements
   */
  record Files(boolean tar, Optional<Boolean> split, String prefix, Optional<Instant> epoch)
      implements ExportOptions {}

  /** Nowhere: the cache alone remembers it. */
  record Nowhere() implements ExportOptions {
    @Override
    public Optional<Instant> epoch() {
      return Optional.empty();
    }
  }

  /**
   * Reads what a client says.
   *
   * @param type {@code image} or {@code moby}, {@code registry}, {@code oci}, {@code docker},
   *     {@code local}, {@code tar} or {@code cacheonly}
   * @param attributes the options; {@code type} among them is passed over, and what only clients
   *     need: {@code dest}
   * @throws Fault.InvalidArgument for a type, an option or a value that there is not
   * @throws Fault.Unsupported for an option that is known and not to be had here
   */
  static ExportOptions parse(String type, Map<String, String> attributes) {
    OptionReader options = new OptionReader(type, Map.copyOf(attributes));
    return switch (type) {
      case "image", "moby", "registry" -> image(options);
      case "oci" -> archive(ArchiveExport.Kind.OCI, options);
      case "docker" -> archive(ArchiveExport.Kind.DOCKER, options);
      case "local" -> files(false, options);
      case "tar" -> files(true, options);
      case "cacheonly" -> {
        options.allow(Set.of(), false);
        yield new Nowhere();
      }
      default ->
          throw new Fault.InvalidArgument(
              "unknown exporter type=%s: there are image, registry, oci, docker, local, tar and"
                      .formatted(type)
                  + " cacheonly");
    };
  }

  private static ExportOptions image(OptionReader options) {
    Set<String> known =
        with(
            FormOptions.NAMES,
            "name",
            "push",
            "push-by-digest",
            "registry.insecure",
            "unpack",
            "store",
            "name-canonical",
            "dangling-name-prefix",
            "danging-name-empty-only",
            "dangling-name-empty-only");
    options.allow(known, true);
    options.refuse(
        "registry.insecure", "name the registry in insecure-registries of the daemon's file");
    if (!options.flag("store", true)) {
      throw new Fault.Unsupported(
          "the option store=false of type=image is not to be had: what is pushed is kept here; use"
              + " type=oci, or remove the name afterwards");
    }
    options.flag("unpack", true);
    Image image =
        new Image(
            options.names(),
            FormOptions.of(options),
            options.flag("push", options.type().equals("registry")),
            options.flag("push-by-digest", false),
            options.flag("name-canonical", false),
            Optional.of(options.text("dangling-name-prefix"))
                .filter(text -> !text.isEmpty())
                .map(Reference::parse),
            options.flag("danging-name-empty-only", false)
                || options.flag("dangling-name-empty-only", false));
    if (image.push() && image.names().isEmpty()) {
      throw new Fault.InvalidArgument("tag is needed when pushing to registry");
    }
    return image;
  }

  private static ExportOptions archive(ArchiveExport.Kind kind, OptionReader options) {
    options.allow(
        with(FormOptions.NAMES, "name", "tar", "dest", "context", "prefer-image-digest"), true);
    return new Archive(kind, options.names(), FormOptions.of(options), options.flag("tar", true));
  }

  private static ExportOptions files(boolean tar, OptionReader options) {
    options.allow(
        Set.of("dest", "platform-split", "attestation-prefix", "source-date-epoch"), false);
    return new Files(
        tar,
        options.choice("platform-split"),
        options.text("attestation-prefix"),
        options.time("source-date-epoch"));
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return all;
  }
}
