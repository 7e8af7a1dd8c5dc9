package dev.kemas.build.cache;

import dev.kemas.build.Built;
import dev.kemas.build.CacheTarget;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cache in a place of its own. */
final class CacheExport implements CacheTarget {
  private static final Logger LOG = LoggerFactory.getLogger(CacheExport.class);

  /** How it is written. */
  record Form(boolean max, boolean imageManifest, boolean ignoreError) {}

  private final CachePlace place;
  private final Form form;
  private final ImageService images;
  private final Optional<TravellingMounts> mounts;

  CacheExport(CachePlace place, Form form, ImageService images, Optional<TravellingMounts> mounts) {
    this.place = place;
    this.form = form;
    this.images = images;
    this.mounts = mounts;
  }

  @Override
  public String title() {
    return "exporting cache to " + place.name();
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    try (Hold hold = images.layers().hold(title())) {
      Map<String, String> told = place.told(deliver(delivery, hold));
      mounts.ifPresent(travelling -> travelling.deliver(delivery));
      return told;
    } catch (IOException e) {
      return refused(new Fault.Unavailable("%s failed: %s".formatted(title(), e.getMessage()), e));
    } catch (Fault.Cancelled e) {
      throw e;
    } catch (Fault e) {
      return refused(e);
    }
  }

  private Map<String, String> refused(Fault fault) {
    if (!form.ignoreError()) {
      throw fault;
    }
    LOG.warn("{}: {}", title(), fault.getMessage());
    return Map.of();
  }

  private Descriptor deliver(Delivery delivery, Hold hold) throws IOException {
    CachePlace.Opened access = place.open(delivery.logins(), true);
    List<Step> steps =
        (form.max() ? delivery.steps() : ofResults(delivery))
            .stream().filter(step -> canTravel(step, access, delivery)).toList();
    Map<Digest, Layer> packed = new HashMap<>();
    CacheConfig config =
        CacheConfig.of(
            steps,
            layer -> {
              delivery.cancelled().check();
              return packed.computeIfAbsent(
                  layer.chainId(), chain -> images.exchange().packed(hold, layer));
            });
    for (Descriptor blob : config.blobs()) {
      delivery.cancelled().check();
      access.put(blob, () -> images.exchange().open(hold, blob));
      delivery.progress().part("writing layer " + blob.digest(), blob.size(), blob.size(), true);
    }
    byte[] bytes = config.bytes();
    Descriptor described = Descriptor.of(CacheConfig.MEDIA_TYPE, Digest.of(bytes), bytes.length);
    access.put(described, () -> reader(bytes));
    delivery.progress().say("writing config " + described.digest());
    byte[] manifest = Json.write(document(described, config.blobs()));
    String type = form.imageManifest() ? MediaType.OCI_MANIFEST : MediaType.OCI_INDEX;
    Descriptor named = Descriptor.of(type, Digest.of(manifest), manifest.length);
    access.put(named, manifest);
    delivery.progress().say("writing cache manifest " + named.digest());
    return named;
  }

  /** What was found in another cache, and was not needed here, is only there. */
  private boolean canTravel(Step step, CachePlace.Opened access, Delivery delivery) {
    boolean can =
        step.entry()
            .layer()
            .map(layer -> images.layers().has(layer) || access.has(layer.blob()))
            .orElse(true);
    if (!can) {
      delivery
          .progress()
          .say("leaving out step " + step.key() + ": its layer is in the imported cache only");
    }
    return can;
  }

  private Object document(Descriptor config, List<Descriptor> layers) {
    if (form.imageManifest()) {
      return Manifest.oci(config, layers);
    }
    List<Descriptor> all = new ArrayList<>(layers);
    all.add(config);
    return Index.oci(all);
  }

  private static BlobReader reader(byte[] bytes) {
    return new BytesReader(bytes);
  }

  /** What the results are made of: their layers, and steps that have none. */
  private static List<Step> ofResults(Delivery delivery) {
    return ofResults(
        delivery.steps(),
        delivery.results().stream()
            .map(Built::image)
            .flatMap(image -> image.layers().stream())
            .map(Layer::chainId)
            .collect(Collectors.toSet()));
  }

  static List<Step> ofResults(List<Step> steps, Set<Digest> chains) {
    return steps.stream()
        .filter(step ->
            step.entry().layer().map(layer -> chains.contains(layer.chainId())).orElse(true))
        .toList();
  }
}
