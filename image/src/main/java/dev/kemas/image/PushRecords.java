package dev.kemas.image;

import dev.kemas.metadata.Owner;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.metadata.Resource;
import dev.kemas.metadata.Transaction;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.UploadMemory;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far pushes have got: what was compressed for them, and where registries take bytes. So one
 * that was cut off, also by the end of the process, goes on where it was. Kept for a day.
 * Thread-safe.
 */
final class PushRecords {
  private static final Duration KEPT = Duration.ofDays(1);

  /** A layer that was compressed, while no image is recorded with it. */
  record Packed(Digest diffId, Descriptor blob, Instant at) {}

  /** An upload that was begun. */
  record Upload(String place, Instant at) {}

  private final Records<Packed> packed;
  private final Records<Upload> uploads;
  private final Clock clock;

  PushRecords(RecordStore store, Clock clock) {
    this.packed = store.records("packed-layers", Packed.class);
    this.uploads = store.records("uploads", Upload.class);
    this.clock = clock;
    expire(store);
  }

  private void expire(RecordStore store) {
    store.run(tx -> {
      expired(packed.entries(), Packed::at).forEach(key -> tx.remove(packed, key));
      expired(uploads.entries(), Upload::at).forEach(key -> tx.remove(uploads, key));
    });
  }

  private <T> List<String> expired(Map<String, T> all, java.util.function.Function<T, Instant> at) {
    return all.entrySet().stream()
        .filter(e -> !holds(at.apply(e.getValue())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean holds(Instant since) {
    return since.plus(KEPT).isAfter(clock.instant());
  }

  /** Notes what a layer was compressed to, before the blob is seen. */
  void packed(Digest diffId, Descriptor blob) {
    packed.put(diffId.hex(), new Packed(diffId, blob, clock.instant()));
  }

  /** What a layer was compressed to. */
  Optional<Descriptor> packed(Digest diffId) {
    return packed.get(diffId.hex()).filter(p -> holds(p.at())).map(Packed::blob);
  }

  /** An image is recorded with these layers: it owns their blobs from now on. */
  void recorded(Transaction tx, List<Layer> layers) {
    for (Layer layer : layers) {
      String key = layer.diffId().hex();
      if (tx.get(packed, key)
          .filter(p -> p.blob().digest().equals(layer.blob().digest()))
          .isPresent()) {
        tx.remove(packed, key);
      }
    }
  }

  /** What must stay for pushes that may go on. */
  List<Owner> roots() {
    return packed.all().stream()
        .filter(p -> holds(p.at()))
        .map(p ->
            new Owner(
                "push that may go on until " + p.at().plus(KEPT),
                List.of(Resource.blob(p.blob().digest()))))
        .toList();
  }

  /** Where the upload of a blob to a repository is. */
  UploadMemory upload(Reference repository, Digest blob) {
    String key = repository.name() + "@" + blob;
    return new UploadMemory() {
      @Override
      public Optional<URI> last() {
        return uploads.get(key).filter(u -> holds(u.at())).map(u -> URI.create(u.place()));
      }

      @Override
      public void at(URI place) {
        uploads.put(key, new Upload(place.toString(), clock.instant()));
      }

      @Override
      public void over() {
        uploads.remove(key);
      }
    };
  }
}
