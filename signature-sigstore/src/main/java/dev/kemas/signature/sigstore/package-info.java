/**
 * Signatures by identity, verified with sigstore-java. It knows no registry and no policy. On the
 * class path of nobody: {@link dev.kemas.signature.KeylessVerifier} is loaded by name. Start
 * reading at {@link dev.kemas.signature.sigstore.SigstoreVerifier}.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.signature.sigstore;
