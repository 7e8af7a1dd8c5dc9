package dev.kemas.build.cache;

import dev.kemas.build.BuildRequest;
import dev.kemas.content.BlobReader;
import dev.kemas.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a cache's manifest and blobs lie: a registry, a folder. */
interface CachePlace {

  /** Its name, for messages. */
  String name();

  /**
   * Another manifest of the same place, with the same blobs; empty where there is but one.
   *
   * @param name {@code mount-} and lower-case letters and digits
   */
  default Optional<CachePlace> beside(String name) {
    return Optional.empty();
  }

  /** To read from and to write to, for one piece of work. */
  Opened open(BuildRequest.Logins logins, boolean writing);

  /** What a client must be told of a manifest that was put there. */
  default Map<String, String> told(Descriptor manifest) {
    return Map.of();
  }

  /** Called from several threads at once. */
  interface Opened {
    /**
     * The manifest or index, whatever it is.
     *
     * @throws dev.kemas.fault.Fault.NotFound when there is none
     */
    Found manifest();

    /** Bytes of a blob, from its beginning; the caller closes it. */
    InputStream blob(Descriptor blob) throws IOException;

    /** Whether a blob is there. */
    boolean has(Descriptor blob);

    /** Puts a blob there unless it is. */
    void put(Descriptor blob, Supplier<BlobReader> content) throws IOException;

    /** Puts the manifest there, whose blobs are. */
    void put(Descriptor manifest, byte[] bytes) throws IOException;
  }

  /** A document with its type. */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(String mediaType, byte[] bytes) {}
}
