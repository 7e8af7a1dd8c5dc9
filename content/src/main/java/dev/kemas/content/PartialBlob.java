package dev.kemas.content;

import java.time.Instant;

/**
 * Bytes of an ingest that was neither committed nor aborted.
 *
 * @param key the ingest's key
 * @param size bytes kept
 * @param writtenAt when bytes were added last
 * @param open whether some thread holds it now
 */
public record PartialBlob(String key, long size, Instant writtenAt, boolean open) {
  /** Whether nobody will ask for this key again. */
  public boolean once() {
    return IngestKeys.isOnce(key);
  }
}
