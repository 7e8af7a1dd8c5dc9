package dev.kemas.image;

/**
 * All that concerns images, on one set of stores: the way in. Thread-safe.
 *
 * @param images by name and id
 * @param layers blobs and snapshots
 * @param loader archives in
 * @param saver archives out
 * @param importer file systems in
 * @param puller from registries
 * @param bootstrap from package mirrors
 */
public record ImageService(
    Images images,
    Layers layers,
    ImageLoader loader,
    ImageSaver saver,
    ImageImporter importer,
    ImagePuller puller,
    Bootstrap bootstrap) {}
