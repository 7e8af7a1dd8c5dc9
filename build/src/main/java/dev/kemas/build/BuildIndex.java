package dev.kemas.build;

import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cache as one build sees it: what is remembered here, then what other machines left. A layer
 * that is elsewhere comes when something is done upon it or when it is of the result, and only then
 * is it remembered here. Notes what the build went through. Safe for several threads.
 */
final class BuildIndex implements CacheIndex {
  private final CacheIndex here;
  private final Workspaces.Held workspaces;
  private final List<CacheSource.Imported> imported;

  /** By key, what the build found or made. */
  private final Map<Digest, Entry> seen = new ConcurrentHashMap<>();

  private final Map<Digest, Optional<Digest>> parents = new ConcurrentHashMap<>();

  /** By chain id, where a layer comes from that is not here yet. */
  private final Map<Digest, CacheSource.Imported> elsewhere = new ConcurrentHashMap<>();

  BuildIndex(CacheIndex here, Workspaces.Held workspaces, List<CacheSource.Imported> imported) {
    this.here = here;
    this.workspaces = workspaces;
    this.imported = List.copyOf(imported);
  }

  @Override
  public Optional<Entry> find(Digest key) {
    Optional<Entry> found =
        here.find(key)
            .filter(entry -> entry.layer().map(workspaces::has).orElse(true))
            .or(() -> imported(key));
    found.ifPresent(entry -> {
      seen.put(key, entry);
      // the work's own name finds it, too, when what it came from is made anew
      entry.same().ifPresent(own -> seen.putIfAbsent(own, entry.own()));
    });
    return found;
  }

  private Optional<Entry> imported(Digest key) {
    for (CacheSource.Imported source : imported) {
      Optional<Entry> found = source.find(key);
      if (found.isPresent()) {
        Optional<Layer> missing = found.get().layer().filter(layer -> !workspaces.has(layer));
        missing.ifPresentOrElse(
            layer -> elsewhere.putIfAbsent(layer.chainId(), source),
            () -> here.put(key, found.get()));
        return found;
      }
    }
    return Optional.empty();
  }

  @Override
  public void put(Digest key, Entry entry) {
    seen.put(key, entry);
    here.put(key, entry);
  }

  @Override
  public void used(Digest key, String text, Optional<Digest> parent) {
    parents.put(key, parent);
    here.used(key, text, parent);
  }

  /** Whether some of its layers are elsewhere only. */
  boolean isElsewhere(FileSystem files) {
    return !elsewhere.isEmpty()
        && files.layers().stream().anyMatch(layer -> elsewhere.containsKey(layer.chainId()));
  }

  /** Brings the layers of a file system here whose base is unpacked. */
  void bring(FileSystem files) {
    Optional<Digest> parent = Optional.empty();
    for (Layer layer : files.layers()) {
      bring(layer, parent);
      parent = Optional.of(layer.chainId());
    }
  }

  private void bring(Layer layer, Optional<Digest> parent) {
    // whoever else wants it waits, and finds it here
    elsewhere.computeIfPresent(
        layer.chainId(),
        (chain, source) -> {
          source.fetch(layer, parent);
          seen.forEach((key, entry) -> {
            if (entry.layer().map(Layer::chainId).filter(chain::equals).isPresent()) {
              here.put(key, entry);
            }
          });
          return null;
        });
  }

  /** All steps that the build found or made, in the order of their keys. */
  List<CacheTarget.Step> steps() {
    List<CacheTarget.Step> steps = new ArrayList<>();
    seen.forEach((key, entry) -> {
      Digest own = entry.same().orElse(key);
      steps.add(new CacheTarget.Step(key, entry, parents.getOrDefault(own, Optional.empty())));
    });
    steps.sort(Comparator.comparing(step -> step.key().toString()));
    return steps;
  }
}
