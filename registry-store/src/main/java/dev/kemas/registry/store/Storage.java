package dev.kemas.registry.store;

import dev.kemas.content.BlobStore;
import java.time.Duration;

/** All that a registry keeps. A server holds nothing else that would be missed after its end. */
public interface Storage extends AutoCloseable {
  /**
   * Opens what is kept at a place.
   *
   * @param renewal how old a blob may be that is not written again when somebody commits it again;
   *     far below the age at which a garbage collector takes what has no link yet
   * @throws dev.kemas.fault.Fault.Conflict when another server has the folder
   * @throws dev.kemas.fault.Fault.Unavailable when the folder or the bucket cannot be reached
   * @throws dev.kemas.fault.Fault.InvalidArgument for a malformed place, or without credentials
   */
  static Storage open(Place place, Duration renewal) {
    return switch (place) {
      case Place.Folder folder -> FolderStorage.open(folder.root());
      case Place.Bucket bucket -> S3Storage.open(S3Location.of(bucket), renewal);
    };
  }

  /** The content, by digest. */
  BlobStore blobs();

  /** What names the content. */
  Records records();

  /** For people: {@code /var/lib/registry}, {@code s3://bucket/prefix}. */
  String describe();

  @Override
  void close();
}
