package dev.kemas.registry.store;

import dev.kemas.content.BlobStore;
import java.time.Clock;
import java.time.Duration;

/**
 * A registry in a bucket. Any number of servers share it: what one has answered the others know,
 * and none keeps what the others would miss.
 */
final class S3Storage implements Storage {
  private final S3Location location;
  private final S3BlobStore blobs;
  private final Records records;

  private S3Storage(S3Client s3, Clock clock, Duration renewal) {
    this.location = s3.location();
    this.blobs = new S3BlobStore(s3, clock, renewal);
    this.records = new S3Records(s3);
  }

  /**
   * Opens the bucket, which must be there.
   *
   * @throws dev.kemas.fault.Fault.Unavailable when it cannot be reached or may not be read
   */
  static S3Storage open(S3Location location, Duration renewal) {
    S3Client s3 = new S3Client(location, Clock.systemUTC());
    S3Storage storage = new S3Storage(s3, Clock.systemUTC(), renewal);
    boolean reached = false;
    try {
      s3.list("records/", true, "", 1);
      reached = true;
      return storage;
    } finally {
      if (!reached) {
        s3.close();
      }
    }
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public Records records() {
    return records;
  }

  @Override
  public String describe() {
    return location.toString();
  }

  @Override
  public void close() {
    blobs.close();
  }
}
