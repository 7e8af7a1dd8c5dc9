package dev.kemas.image;

import dev.kemas.content.BlobStore;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.RecordStore;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.signature.SignaturePolicy;
import dev.kemas.snapshot.Snapshotter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All that concerns images, on one set of stores: the way in. Thread-safe. It owns none of what it
 * is given.
 *
 * @param images by name and id
 * @param indexes names that stand for several images, or for one and what is said of it
 * @param layers blobs and snapshots
 * @param loader archives in
 * @param saver archives out
 * @param importer file systems in
 * @param puller from registries
 * @param pusher to registries
 * @param remote what registries have
 * @param dropper blobs of unpacked layers out
 * @param collector unused images out when the disk fills up
 * @param exchange single layers out and in
 * @param tidy removes what nothing needs any more: after what was staged or packed in a {@link
 *     Hold} and not recorded
 */
public record ImageService(
    Images images,
    ImageIndexes indexes,
    Layers layers,
    ImageLoader loader,
    ImageSaver saver,
    ImageImporter importer,
    ImagePuller puller,
    ImagePusher pusher,
    RemoteImages remote,
    BlobDropper dropper,
    ImageCollector collector,
    LayerExchange exchange,
    Runnable tidy) {

  /**
   * What images live on.
   *
   * @param records images and their names
   * @param leases kept while something is made
   * @param use who uses an image
   * @param events told of what happens
   * @param garbage collects, with {@link #roots} among its roots; called after removals and after
   *     what failed half-way
   * @param registries where images come from and go to
   * @param environment of the process: proxies
   */
  public record Parts(
      RecordStore records,
      Leases leases,
      BlobStore blobs,
      Snapshotter snapshots,
      ImageUse use,
      Consumer<ImageEvent> events,
      Garbage garbage,
      RegistryClient registries,
      Map<String, String> environment,
      Clock clock) {}

  /**
   * Opens the images on these stores. Nothing runs in the background.
   *
   * @throws dev.kemas.fault.Fault.DataLoss when the records are damaged
   */
  public static ImageService open(Parts parts) {
    return open(
        parts, new DiskSpace(() -> Long.MAX_VALUE), Optional.empty(), () -> SignaturePolicy.NONE);
  }

  /**
   * The same, on a disk whose free space bounds what one image may take.
   *
   * @param folder on that disk, or one that will be there
   * @param policy whose signature images must have, asked anew for each pull
   */
  public static ImageService open(Parts parts, Path folder, Supplier<SignaturePolicy> policy) {
    return open(parts, DiskSpace.of(folder), Optional.of(folder), policy);
  }

  static ImageService open(
      Parts parts, DiskSpace disk, Optional<Path> folder, Supplier<SignaturePolicy> policy) {
    Catalog catalog = new Catalog(parts.records(), parts.blobs(), parts.clock());
    LayerRecipes recipes = new LayerRecipes(parts.records(), parts.snapshots(), parts.leases());
    LayerBlobs layerBlobs =
        new LayerBlobs(parts.blobs(), parts.snapshots(), catalog, recipes, parts.registries());
    Layers layers =
        new Layers(
            parts.blobs(), layerBlobs, recipes, parts.snapshots(), parts.leases(), catalog, disk);
    Images images =
        new Images(
            catalog, parts.blobs(), parts.leases(), parts.use(), parts.events(), parts.garbage());
    ImageIndexes indexes =
        new ImageIndexes(images, catalog, parts.leases(), parts.events(), parts.garbage());
    RegistryClient registries = parts.registries();
    Runnable tidy = () -> parts.garbage().collect();
    ImageImporter importer = new ImageImporter(layers, images, parts.events(), parts.clock(), tidy);
    return new ImageService(
        images,
        indexes,
        layers,
        new ImageLoader(layers, images, catalog, parts.blobs(), parts.events(), tidy),
        new ImageSaver(images, indexes, catalog, layers, layerBlobs, parts.blobs(), parts.events()),
        importer,
        new ImagePuller(
            registries, layers, images, catalog, parts.blobs(), parts.events(), tidy, disk, policy),
        new ImagePusher(
            registries,
            layers,
            layerBlobs,
            images,
            indexes,
            catalog,
            parts.blobs(),
            parts.events(),
            tidy),
        new RemoteImages(registries),
        new BlobDropper(parts.blobs(), parts.snapshots(), parts.leases(), catalog, layerBlobs),
        new ImageCollector(
            images,
            parts.blobs(),
            parts.snapshots(),
            parts.garbage(),
            parts.clock(),
            folder,
            parts.records()),
        new LayerExchange(
            layers, layerBlobs, new LayerPacker(parts.blobs(), layerBlobs, catalog), parts.blobs()),
        tidy);
  }

  /** What all images need: roots of the garbage collection. */
  public List<Owner> roots() {
    return images.roots();
  }
}
