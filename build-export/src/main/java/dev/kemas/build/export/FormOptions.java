package dev.kemas.build.export;

import dev.kemas.archive.Compression;
import dev.kemas.build.Attestor;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageForm;
import dev.kemas.image.ImageList;
import dev.kemas.image.Layer;
import dev.kemas.image.LayerExchange;
import dev.kemas.image.Packing;
import dev.kemas.image.PlatformImage;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How an exporter writes images: what they are compressed with, which types their documents have,
 * what is noted at them.
 *
 * @param packing empty for what is usual at the place
 * @param docker whether documents of Docker's schema 2 are wanted
 * @param inline whether statements that are only for lists make a list of the result
 * @param rewrite whether times behind the epoch are to be set to it, which is always done here
 * @param epoch the exporter's own; empty for the build's
 */
public record FormOptions(
    Optional<Packing> packing,
    boolean docker,
    Annotations annotations,
    boolean inline,
    boolean rewrite,
    Optional<Instant> epoch) {

  static final Set<String> NAMES =
      Set.of(
          "compression",
          "compression-level",
          "force-compression",
          "oci-mediatypes",
          "oci-artifact",
          "attestation-inline",
          "prefer-nondist-layers",
          "rewrite-timestamp",
          "source-date-epoch",
          // of no effect any more, but still sent
          "buildinfo",
          "buildinfo-attrs");

  static FormOptions of(OptionReader options) {
    options.refuse("oci-artifact", "statements are attached as manifests of images");
    return new FormOptions(
        packing(options),
        !options.flag("oci-mediatypes", true),
        Annotations.of(options.options()),
        options.flag("attestation-inline", false),
        options.flag("rewrite-timestamp", false),
        options.time("source-date-epoch"));
  }

  private static Optional<Packing> packing(OptionReader options) {
    boolean force = options.flag("force-compression", false);
    String wanted = options.text("compression");
    Compression compression =
        switch (wanted) {
          case "", "gzip" -> Compression.GZIP;
          case "zstd" -> Compression.ZSTD;
          case "uncompressed" -> Compression.NONE;
          case "estargz", "nydus" ->
              throw new Fault.Unsupported(
                  "compression=%s is not written here: nothing here mounts layers piece by piece;"
                          .formatted(wanted)
                      + " use gzip, zstd or uncompressed");
          default -> throw options.invalid("compression", "gzip, zstd or uncompressed");
        };
    if (wanted.isEmpty() && !force && options.number("compression-level").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Packing(compression, options.number("compression-level"), force));
  }

  /** Whether images may be left as they are kept here. */
  boolean isPlain() {
    return packing.isEmpty() && !docker && annotations.all().isEmpty();
  }

  /** Whether the result is a list of manifests, or a manifest alone. */
  boolean isList(Export.Delivery delivery, Attestor attestor) {
    boolean several = delivery.results().size() > 1;
    return several || attestor.wants(inline);
  }

  /**
   * The images of a build in this form.
   *
   * @param usual what layers are compressed with where nothing is said
   */
  ImageList images(
      Export.Delivery delivery,
      List<Reference> names,
      Attestor attestor,
      Optional<Packing> usual,
      LayerExchange layers,
      Hold hold) {
    boolean list = isList(delivery, attestor);
    annotations.require(delivery.results().stream().map(Built::platform).toList(), list);
    if (rewrite && delivery.origin().request().epoch().isEmpty()) {
      delivery.progress().say("rewrite-timestamp has nothing to rewrite to: set SOURCE_DATE_EPOCH");
    }
    boolean schema2 = docker && !needsOci(list, attestor, delivery);
    List<PlatformImage> images = new ArrayList<>();
    for (Built built : delivery.results()) {
      delivery.cancelled().check();
      images.add(
          new PlatformImage(
              content(built),
              list ? attestor.about(built, delivery, names) : manifest -> List.of(),
              new ImageForm(
                  packing.or(() -> usual).map(how -> packed(built, how, layers, hold)),
                  schema2,
                  annotations.at(Annotations.Place.MANIFEST, built.platform()),
                  annotations.at(Annotations.Place.MANIFEST_DESCRIPTOR, built.platform()))));
    }
    return new ImageList(
        images,
        schema2,
        annotations.at(Annotations.Place.INDEX),
        annotations.at(Annotations.Place.INDEX_DESCRIPTOR));
  }

  private boolean needsOci(boolean list, Attestor attestor, Export.Delivery delivery) {
    boolean needed =
        annotations.needsOci()
            || (list && attestor.wants(true))
            || packing.filter(how -> how.compression() == Compression.ZSTD).isPresent();
    if (needed) {
      delivery
          .progress()
          .say("oci-mediatypes=false is left: Docker's types know no zstd, statements or notes");
    }
    return needed;
  }

  private static List<Layer> packed(Built built, Packing how, LayerExchange layers, Hold hold) {
    List<Layer> of =
        built.unchanged().map(image -> image.layers()).orElseGet(() -> built.image().layers());
    return of.stream().map(layer -> layers.packed(hold, layer, how)).toList();
  }

  private static PlatformImage.Content content(Built built) {
    return built
        .unchanged()
        .<PlatformImage.Content>map(image -> new PlatformImage.Here(image.id()))
        .orElseGet(() -> new PlatformImage.Made(built.image()));
  }
}
