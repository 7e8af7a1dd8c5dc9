package dev.kemas.build.cache;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kemas.build.CacheIndex;
import dev.kemas.build.CacheTarget;
import dev.kemas.fault.Fault;
import dev.kemas.image.Layer;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a cache says of itself: which step led to which layer (docs/formats.md, "An exported build
 * cache"). The form is that of BuildKit's {@code cacheconfig.v0}, the keys are ours.
 *
 * @param layers each once
 * @param records by their keys
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record CacheConfig(List<LayerItem> layers, List<RecordItem> records) {
  /** Of the configuration of a cache's manifest. */
  static final String MEDIA_TYPE = "application/vnd.buildkit.cacheconfig.v0";

  /** More than any build has. */
  private static final int MOST = 200_000;

  CacheConfig {
    layers = layers == null ? List.of() : List.copyOf(layers);
    records = records == null ? List.of() : List.copyOf(records);
  }

  /**
   * A layer.
   *
   * @param parent the layer below, by its place in the list; -1 for a base image or nothing
   * @param chain the chain id of the stack up to it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record LayerItem(
      @JsonProperty("blob") Digest blob,
      @JsonProperty("parent") int parent,
      @JsonProperty("chain") Digest chain,
      @JsonProperty("annotations") Said said) {}

  /**
   * @param size bytes of the blob
   * @param contentSize bytes of the files
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Said(
      @JsonProperty("mediaType") String mediaType,
      @JsonProperty("diffID") Digest diffId,
      @JsonProperty("size") long size,
      @JsonProperty("contentSize") long contentSize) {}

  /**
   * A step.
   *
   * @param results at most one; none for a step that left the files as they were
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record RecordItem(
      @JsonProperty("digest") Digest digest,
      @JsonProperty("createdAt") Instant createdAt,
      @JsonProperty("results") List<Result> results,
      @JsonProperty("same") Optional<Digest> same) {
    RecordItem {
      results = results == null ? List.of() : List.copyOf(results);
      same = same == null ? Optional.empty() : same;
    }
  }

  /** Which layer. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Result(@JsonProperty("layer") int layer) {}

  /**
   * Of the steps of a build.
   *
   * @param packed the layer as it travels
   */
  static CacheConfig of(List<CacheTarget.Step> steps, UnaryOperator<Layer> packed) {
    Map<Digest, Integer> places = new HashMap<>();
    List<LayerItem> layers = new ArrayList<>();
    List<CacheTarget.Step> layered =
        steps.stream().filter(step -> step.entry().layer().isPresent()).toList();
    for (CacheTarget.Step step : layered) {
      step.entry()
          .layer()
          .filter(layer -> !places.containsKey(layer.chainId()))
          .ifPresent(layer -> {
            places.put(layer.chainId(), layers.size());
            Layer travelling = packed.apply(layer);
            layers.add(
                new LayerItem(
                    travelling.blob().digest(),
                    -1,
                    layer.chainId(),
                    new Said(
                        travelling.blob().mediaType(),
                        layer.diffId(),
                        travelling.blob().size(),
                        layer.size())));
          });
    }
    for (CacheTarget.Step step : layered) {
      Optional<Integer> below = step.parent().map(places::get);
      Optional<Integer> place = step.entry().layer().map(layer -> places.get(layer.chainId()));
      if (below.isPresent() && place.isPresent()) {
        LayerItem item = layers.get(place.get());
        layers.set(place.get(), new LayerItem(item.blob(), below.get(), item.chain(), item.said()));
      }
    }
    return new CacheConfig(layers, records(steps, places));
  }

  private static List<RecordItem> records(
      List<CacheTarget.Step> steps, Map<Digest, Integer> places) {
    return steps.stream()
        .map(step ->
            new RecordItem(
                step.key(),
                step.entry().created(),
                step.entry().layer().stream()
                    .map(layer -> new Result(places.getOrDefault(layer.chainId(), -1)))
                    .toList(),
                step.entry().same()))
        .toList();
  }

  byte[] bytes() {
    return Json.write(this);
  }

  /**
   * Reads one of a stranger.
   *
   * @throws Fault.DataLoss when it is none
   */
  static CacheConfig read(byte[] bytes, String where) {
    try {
      CacheConfig config =
          Json.read(
              new String(bytes, java.nio.charset.StandardCharsets.UTF_8),
              CacheConfig.class,
              "the build cache");
      if (config.layers().size() > MOST || config.records().size() > MOST) {
        throw new Fault.InvalidArgument("it has more than " + MOST + " records");
      }
      config.entries();
      return config;
    } catch (Fault.InvalidArgument | NullPointerException e) {
      throw new Fault.DataLoss(
          "the build cache of %s cannot be read: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** Its layers' blobs, each once. */
  List<Descriptor> blobs() {
    return layers.stream().map(CacheConfig::descriptor).distinct().toList();
  }

  private static Descriptor descriptor(LayerItem item) {
    return Descriptor.of(item.said().mediaType(), item.blob(), item.said().size());
  }

  /** What it knows, by key. */
  Map<Digest, CacheIndex.Entry> entries() {
    Map<Digest, CacheIndex.Entry> entries = new HashMap<>();
    for (RecordItem record : records) {
      Optional<Layer> layer = Optional.empty();
      for (Result result : record.results()) {
        if (result.layer() < 0 || result.layer() >= layers.size()) {
          throw new Fault.InvalidArgument("it names a layer that it does not have");
        }
        LayerItem item = layers.get(result.layer());
        if (item.said().size() < 0 || !isLayer(item.said().mediaType())) {
          throw new Fault.InvalidArgument("it has a layer that is none");
        }
        layer =
            Optional.of(
                new Layer(
                    item.said().diffId(),
                    item.chain(),
                    descriptor(item),
                    Math.max(0, item.said().contentSize())));
      }
      entries.put(record.digest(), new CacheIndex.Entry(layer, record.createdAt(), record.same()));
    }
    return entries;
  }

  private static boolean isLayer(String type) {
    return dev.kemas.oci.MediaType.isLayer(type);
  }
}
