package dev.kemas.image;

import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the blobs of layers are made that were made here: their files lie in the snapshot, so the
 * archive is written only for who wants it. A recipe lives as long as its snapshot. Thread-safe.
 */
final class LayerRecipes {
  private final Records<LayerRecipe> records;
  private final Snapshotter snapshots;
  private final Leases leases;
  // the same files may lie upon several layers
  private final Map<Digest, Set<Digest>> chains = new ConcurrentHashMap<>();

  LayerRecipes(RecordStore store, Snapshotter snapshots, Leases leases) {
    this.records = store.records("layer-recipes", LayerRecipe.class);
    this.snapshots = snapshots;
    this.leases = leases;
    records.all().forEach(this::index);
  }

  private void index(LayerRecipe recipe) {
    chains
        .computeIfAbsent(recipe.blob().digest(), missing -> ConcurrentHashMap.newKeySet())
        .add(recipe.chainId());
  }

  /** Remembers one; the caller holds its snapshot, which may not be there yet. */
  void add(LayerRecipe recipe) {
    records.all().stream()
        .filter(old -> !isThere(old.chainId()))
        .forEach(old ->
            // who makes a layer holds its snapshot before it is there
            leases.unlessHeld(Resource.snapshot(old.chainId().hex()), () -> forget(old)));
    records.put(recipe.chainId().hex(), recipe);
    index(recipe);
  }

  private void forget(LayerRecipe recipe) {
    if (!isThere(recipe.chainId())) {
      records.remove(recipe.chainId().hex());
      chains.computeIfPresent(
          recipe.blob().digest(),
          (blob, all) -> {
            all.remove(recipe.chainId());
            return all.isEmpty() ? null : all;
          });
    }
  }

  private boolean isThere(Digest chainId) {
    return snapshots.stat(SnapshotName.of(chainId)).isPresent();
  }

  /** How a blob can be made now. */
  Optional<LayerRecipe> of(Digest blob) {
    return chains.getOrDefault(blob, Set.of()).stream()
        .filter(this::isThere)
        .flatMap(chain -> records.get(chain.hex()).stream())
        .findFirst();
  }

  /** The blobs that a snapshot needs beside its files. */
  List<Resource> beside(SnapshotName snapshot) {
    return records.get(snapshot.value()).map(LayerRecipe::recipe).map(Resource::blob).stream()
        .toList();
  }
}
