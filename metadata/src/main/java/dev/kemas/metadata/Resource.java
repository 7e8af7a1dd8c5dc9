package dev.kemas.metadata;

/**
 * A thing that the garbage collector may remove.
 *
 * @param kind whose it is, such as {@link #BLOB}
 * @param id unique within the kind
 */
public record Resource(String kind, String id) {
  /** A blob of the content store; the id is its digest. */
  public static final String BLOB = "blob";

  /** A snapshot; the id is its name. */
  public static final String SNAPSHOT = "snapshot";

  /** A blob by its digest. */
  public static Resource blob(dev.kemas.oci.Digest digest) {
    return new Resource(BLOB, digest.toString());
  }

  /** A snapshot by its name. */
  public static Resource snapshot(String name) {
    return new Resource(SNAPSHOT, name);
  }
}
