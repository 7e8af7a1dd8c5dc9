package dev.kemas.signature;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Verifies signatures whose key a certificate vouches for. Found by {@link java.util.ServiceLoader}
 * when the first such signature is judged, since what it takes is large. Thread-safe.
 */
public interface KeylessVerifier {
  /**
   * Verifies that the signature is one of what it is said to sign, that its certificate comes from
   * an authority of the trust root and is in a log of certificates there, and that a transparency
   * log of the trust root had the signature while the certificate was valid. Whose certificate it
   * is is left to the caller, as is what the signed bytes say.
   *
   * @param trustRoot a {@code trusted_root.json}; empty: sigstore's public-good instance, which is
   *     asked over the network
   * @return who signed, or why it does not hold
   * @throws dev.kemas.fault.Fault.InvalidArgument when the trust root cannot be read
   * @throws dev.kemas.fault.Fault.Unavailable when it cannot be got
   */
  Outcome verify(Optional<Path> trustRoot, Evidence evidence);

  /** What came of it. */
  sealed interface Outcome {}

  /**
   * It holds.
   *
   * @param identities the certificate's subject in all its alternative names
   * @param issuer who vouched for the identity
   */
  record Certified(List<String> identities, String issuer) implements Outcome {}

  /** It does not hold. */
  record Refused(String why) implements Outcome {}
}
