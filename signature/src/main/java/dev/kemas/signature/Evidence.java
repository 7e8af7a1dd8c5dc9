package dev.kemas.signature;

import java.util.Optional;

/**
 * One signature as it lies in a registry; nothing of it is trusted. Arrays are not to be changed.
 */
public sealed interface Evidence {
  /** Where it was found, for people: a tag or a digest. */
  String source();

  /**
   * A layer of the image {@code sha256-<hex>.sig} (cosign's SIGNATURE_SPEC.md).
   *
   * @param payload what is signed: which manifest, under which name
   * @param signature of the payload
   * @param certificate in PEM; empty for one by key
   * @param chain of the certificate up to its authority, in PEM
   * @param logEntry the entry in the transparency log with the log's promise, JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never a key
  record SimpleSigning(
      String source,
      byte[] payload,
      byte[] signature,
      Optional<String> certificate,
      Optional<String> chain,
      Optional<String> logEntry)
      implements Evidence {}

  /**
   * A sigstore bundle that refers to the image (sigstore's protobuf-specs, bundle v0.3): a
   * statement with its signature and what verifies it.
   *
   * @param json the bundle
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never a key
  record Bundle(String source, byte[] json) implements Evidence {}
}
