package dev.kemas.registry.server.store;

import dev.kemas.content.BlobStore;

/** All that a registry keeps. A server holds nothing else that would be missed after its end. */
public interface Storage extends AutoCloseable {
  /** The content, by digest. */
  BlobStore blobs();

  /** What names the content. */
  Records records();

  /** For people: {@code /var/lib/registry}, {@code s3://bucket/prefix}. */
  String describe();

  @Override
  void close();
}
