package dev.kemas.build.cache;

import dev.kemas.build.RecordedCache;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What steps made. A layer is one record however many keys lead to it; a step that left the files
 * as they were is one of no bytes.
 */
public final class StepShelf implements CacheShelf {

  /**
   * What a layer takes.
   *
   * @param shared whether an image has it
   */
  public record Measured(long bytes, boolean shared) {}

  private final RecordedCache cache;
  private final Function<List<Layer>, List<Measured>> measure;
  private final Predicate<Layer> held;

  /**
   * @param measure looks at layers, all different; gives as many answers in the same order
   * @param held whether somebody works with a layer now
   */
  public StepShelf(
      RecordedCache cache, Function<List<Layer>, List<Measured>> measure, Predicate<Layer> held) {
    this.cache = cache;
    this.measure = measure;
    this.held = held;
  }

  /** The keys of one record, the one that names it first. */
  private record Group(List<RecordedCache.Known> entries) {
    String id() {
      return entries.getFirst().key().hex();
    }

    Optional<Layer> layer() {
      return entries.getFirst().layer();
    }

    private RecordedCache.Known latest() {
      return entries.stream()
          .max(Comparator.comparing(RecordedCache.Known::lastUsed))
          .orElseThrow();
    }
  }

  private List<Group> groups() {
    Map<String, List<RecordedCache.Known>> grouped = new LinkedHashMap<>();
    cache.known().stream()
        // what is used is known by its instruction, the other names of the work are not
        .sorted(
            Comparator.comparing((RecordedCache.Known known) -> known.text().isEmpty())
                .thenComparing(known -> known.key().hex()))
        .forEach(known ->
            grouped
                .computeIfAbsent(
                    known.layer().map(layer -> layer.chainId().hex()).orElse(known.key().hex()),
                    none -> new ArrayList<>())
                .add(known));
    return grouped.values().stream().map(Group::new).toList();
  }

  @Override
  public List<CacheRecord> records() {
    List<Group> groups = groups();
    List<Group> layered = groups.stream().filter(group -> group.layer().isPresent()).toList();
    List<Measured> measured =
        measure.apply(layered.stream().flatMap(group -> group.layer().stream()).toList());
    Map<String, Measured> sizes = new HashMap<>();
    Map<Digest, String> byChain = new HashMap<>();
    for (int i = 0; i < layered.size(); i++) {
      Group group = layered.get(i);
      sizes.put(group.id(), measured.get(i));
      group.layer().ifPresent(layer -> byChain.put(layer.chainId(), group.id()));
    }
    List<CacheRecord> records = new ArrayList<>();
    for (Group group : groups) {
      RecordedCache.Known latest = group.latest();
      Measured size = sizes.getOrDefault(group.id(), new Measured(0, false));
      records.add(
          new CacheRecord(
              group.id(),
              CacheRecord.STEP,
              description(group),
              latest.parent().map(byChain::get).map(List::of).orElse(List.of()),
              size.bytes(),
              group.layer().map(held::test).orElse(false),
              size.shared(),
              group.entries().stream()
                  .map(RecordedCache.Known::created)
                  .min(Comparator.naturalOrder())
                  .orElse(Instant.EPOCH),
              latest.lastUsed(),
              group.entries().stream().mapToLong(RecordedCache.Known::uses).sum()));
    }
    return records;
  }

  private static String description(Group group) {
    return group.entries().stream()
        .map(RecordedCache.Known::text)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElseGet(() -> group.layer().map(layer -> "layer " + layer.diffId()).orElse(""));
  }

  @Override
  public void drop(Set<String> ids) {
    Set<String> keys =
        groups().stream()
            .filter(group -> ids.contains(group.id()))
            .filter(group -> !group.layer().map(held::test).orElse(false))
            .flatMap(group -> group.entries().stream())
            .map(known -> known.key().hex())
            .collect(Collectors.toSet());
    if (!keys.isEmpty()) {
      cache.forget(keys);
    }
  }
}
