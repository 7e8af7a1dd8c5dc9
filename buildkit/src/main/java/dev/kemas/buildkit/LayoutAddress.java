package dev.kemas.buildkit;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;

/**
 * An image in a folder of the client's in OCI's layout, as a build names it: {@code
 * oci-layout://STORE[:TAG]@DIGEST}. Which folder the store is, and what its tags mean, the client
 * knows alone.
 *
 * @param store the name under which the client's session has it
 * @param manifest of the image, or an index of several
 */
public record LayoutAddress(String store, Digest manifest) {
  /** How such an address begins. */
  public static final String SCHEME = "oci-layout://";

  /**
   * Reads one.
   *
   * @throws Fault.InvalidArgument when it is none, or has no digest
   */
  public static LayoutAddress parse(String text) {
    int at = text.lastIndexOf('@');
    if (!text.startsWith(SCHEME) || at <= SCHEME.length()) {
      throw new Fault.InvalidArgument(
          "invalid context \"%s\": want %sSTORE@DIGEST".formatted(text, SCHEME));
    }
    String store = text.substring(SCHEME.length(), at);
    int colon = store.lastIndexOf(':');
    return new LayoutAddress(
        colon < 0 ? store : store.substring(0, colon), Digest.parse(text.substring(at + 1)));
  }
}
