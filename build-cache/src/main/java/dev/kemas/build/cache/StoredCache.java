package dev.kemas.build.cache;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.CacheIndex;
import dev.kemas.build.CacheSource;
import dev.kemas.build.Cancellation;
import dev.kemas.build.MountSource;
import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** A cache that was exported before, or an image with one in its configuration. */
final class StoredCache implements CacheSource {
  private static final int MOST_BYTES = 64 << 20;

  private final CachePlace place;
  private final ImageService images;
  private final Optional<TravellingMounts> mounts;

  StoredCache(CachePlace place, ImageService images, Optional<TravellingMounts> mounts) {
    this.place = place;
    this.images = images;
    this.mounts = mounts;
  }

  @Override
  public Optional<MountSource> mounts() {
    return mounts.map(MountSource.class::cast);
  }

  @Override
  public String title() {
    return "importing cache manifest from " + place.name();
  }

  @Override
  public Imported open(BuildRequest.Logins logins, Cancellation cancelled) {
    CachePlace.Opened access = place.open(logins, false);
    CachePlace.Found found = access.manifest();
    cancelled.check();
    return new Opened(access, config(access, found).entries());
  }

  private CacheConfig config(CachePlace.Opened access, CachePlace.Found found) {
    try {
      String text = new String(found.bytes(), StandardCharsets.UTF_8);
      if (MediaType.isIndex(found.mediaType())) {
        Index index = Json.read(text, Index.class, "the manifest");
        Descriptor config =
            index.manifests().stream()
                .filter(one -> one.mediaType().equals(CacheConfig.MEDIA_TYPE))
                .findFirst()
                .orElseThrow(this::none);
        return CacheConfig.read(read(access, config), place.name());
      }
      Manifest manifest = Json.read(text, Manifest.class, "the manifest");
      byte[] config = read(access, manifest.config());
      if (manifest.config().mediaType().equals(CacheConfig.MEDIA_TYPE)) {
        return CacheConfig.read(config, place.name());
      }
      return inline(config);
    } catch (Fault.InvalidArgument | NullPointerException e) {
      throw new Fault.DataLoss(
          "the build cache of %s cannot be read: %s".formatted(place.name(), e.getMessage()), e);
    }
  }

  private CacheConfig inline(byte[] config) {
    ImageConfig image =
        Json.read(
            new String(config, StandardCharsets.UTF_8), ImageConfig.class, "the configuration");
    String cache = image.inlineCache().orElseThrow(this::none);
    try {
      return CacheConfig.read(Base64.getDecoder().decode(cache), place.name());
    } catch (IllegalArgumentException e) {
      throw new Fault.DataLoss("the build cache in " + place.name() + " is damaged", e);
    }
  }

  private Fault.NotFound none() {
    return new Fault.NotFound("cache", place.name(), "there is no build cache in " + place.name());
  }

  private byte[] read(CachePlace.Opened access, Descriptor blob) {
    try (InputStream in = access.blob(blob)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES || !Digest.of(bytes).equals(blob.digest())) {
        throw new Fault.DataLoss(
            "the build cache of %s is not what its digest says".formatted(place.name()));
      }
      return bytes;
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot read the build cache of %s: %s".formatted(place.name(), e.getMessage()), e);
    }
  }

  private final class Opened implements Imported {
    private final CachePlace.Opened access;
    private final Map<Digest, CacheIndex.Entry> entries;

    Opened(CachePlace.Opened access, Map<Digest, CacheIndex.Entry> entries) {
      this.access = access;
      this.entries = entries;
    }

    @Override
    public Optional<CacheIndex.Entry> find(Digest key) {
      return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void fetch(Layer layer, Optional<Digest> parent) {
      try (Hold hold = images.layers().hold("layer of the build cache " + place.name());
          InputStream in = access.blob(layer.blob())) {
        images.exchange().receive(hold, layer, parent, in);
      } catch (IOException e) {
        throw new Fault.Unavailable(
            "cannot get layer %s from the build cache %s (%s): build without it"
                .formatted(layer.blob().digest(), place.name(), e.getMessage()),
            e);
      }
    }
  }
}
