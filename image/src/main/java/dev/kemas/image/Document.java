package dev.kemas.image;

import dev.kemas.oci.Digest;

/** A small piece of JSON, to the byte, since its digest is of the bytes. */
final class Document {
  private final byte[] bytes;

  Document(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes themselves; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  Digest digest() {
    return Digest.of(bytes);
  }
}
