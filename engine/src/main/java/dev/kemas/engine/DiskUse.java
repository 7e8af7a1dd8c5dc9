package dev.kemas.engine;

import dev.kemas.content.BlobStore;
import dev.kemas.content.PartialBlob;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageFilter;
import dev.kemas.image.Images;
import dev.kemas.image.Layer;
import dev.kemas.linux.TreeUsage;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the engine's data takes on the disk and what it is there for. Everything is counted in
 * allocated blocks as du(1) does, and each file once: blobs and layers with the images or, where no
 * image needs them, with the build cache; a container's own layer and folder with the container.
 *
 * <p>A layer is walked once in its life, a container's files each time. Thread-safe; what changes
 * while it is counted is counted before or after the change.
 */
public final class DiskUse {
  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final Images images;
  private final Engine engine;

  /** Counts what these have. */
  public DiskUse(BlobStore blobs, Snapshotter snapshots, Images images, Engine engine) {
    this.blobs = blobs;
    this.snapshots = snapshots;
    this.images = images;
    this.engine = engine;
  }

  /**
   * An image.
   *
   * @param bytes of its blobs and layers
   * @param shared how many of these belong to other images too
   */
  public record ImageUse(Image image, long bytes, long shared) {}

  /**
   * A layer that the build cache remembers.
   *
   * @param bytes of its blob and its files
   * @param shared whether it is counted elsewhere: with an image, or earlier in the list
   */
  public record CacheUse(Layer layer, long bytes, boolean shared) {}

  /**
   * Blobs and layers by whom they are for.
   *
   * @param total bytes of all but what only the build cache keeps: images, what their containers
   *     keep of removed ones, downloads under way or broken off
   * @param images newest first
   * @param cache as it was asked for, in that order
   */
  public record ImageCount(long total, List<ImageUse> images, List<CacheUse> cache) {
    public ImageCount {
      images = List.copyOf(images);
      cache = List.copyOf(cache);
    }
  }

  /**
   * Counts blobs and layers.
   *
   * @param cached the layers that the build cache remembers
   */
  public ImageCount images(List<Layer> cached) {
    Map<Resource, Long> sizes = new HashMap<>();
    Map<Resource, Integer> users = new HashMap<>();
    for (Image image : images.list(ImageFilter.ALL, true)) {
      needs(image).forEach(r -> users.merge(r, 1, Integer::sum));
    }
    List<ImageUse> each = new ArrayList<>();
    for (Image image : images.list(ImageFilter.ALL, false)) {
      long bytes = 0;
      long shared = 0;
      for (Resource need : needs(image)) {
        long size = size(need, sizes);
        bytes += size;
        shared += users.getOrDefault(need, 0) > 1 ? size : 0;
      }
      each.add(new ImageUse(image, bytes, shared));
    }
    Set<Resource> counted = new HashSet<>(users.keySet());
    long ofCache = 0;
    List<CacheUse> remembered = new ArrayList<>();
    for (Layer layer : cached) {
      long bytes = 0;
      boolean shared = false;
      for (Resource need : needs(layer)) {
        long size = size(need, sizes);
        bytes += size;
        if (counted.add(need)) {
          ofCache += size;
        } else {
          shared = true;
        }
      }
      remembered.add(new CacheUse(layer, bytes, shared));
    }
    return new ImageCount(total(sizes) - ofCache, each, remembered);
  }

  /** Every blob, whole or on its way, and every snapshot that is no container's. */
  private long total(Map<Resource, Long> sizes) {
    Set<String> containers = new HashSet<>();
    engine.containers().forEach(c -> containers.add(c.id()));
    List<SnapshotInfo> found = new ArrayList<>();
    snapshots.walk(found::add);
    List<Resource> stored = new ArrayList<>();
    blobs.walk(blob -> stored.add(Resource.blob(blob.digest())));
    long bytes = blobs.partials().stream().mapToLong(PartialBlob::size).sum();
    for (Resource blob : stored) {
      bytes += size(blob, sizes);
    }
    for (SnapshotInfo snapshot : found) {
      if (!containers.contains(snapshot.name().value())) {
        bytes += size(Resource.snapshot(snapshot.name().value()), sizes);
      }
    }
    return bytes;
  }

  private static Set<Resource> needs(Image image) {
    Set<Resource> needs = new LinkedHashSet<>();
    needs.add(Resource.blob(image.id()));
    needs.add(Resource.blob(image.manifest().digest()));
    image.layers().forEach(layer -> needs.addAll(needs(layer)));
    return needs;
  }

  private static List<Resource> needs(Layer layer) {
    return List.of(
        Resource.blob(layer.blob().digest()),
        Resource.snapshot(SnapshotName.of(layer.chainId()).value()));
  }

  private long size(Resource resource, Map<Resource, Long> known) {
    return known.computeIfAbsent(
        resource,
        r ->
            r.kind().equals(Resource.BLOB)
                ? blobs.allocated(Digest.parse(r.id()))
                : snapshot(new SnapshotName(r.id())));
  }

  private long snapshot(SnapshotName name) {
    try {
      return snapshots.allocated(name);
    } catch (Fault.NotFound removed) {
      return 0;
    }
  }

  /**
   * Bytes of all that goes when a container goes: what it wrote, its log, its small files; not its
   * volumes.
   */
  public long container(String id) {
    try {
      return snapshot(new SnapshotName(id)) + TreeUsage.of(engine.folder(id)).bytes();
    } catch (Fault.NotFound removed) {
      return 0;
    }
  }
}
