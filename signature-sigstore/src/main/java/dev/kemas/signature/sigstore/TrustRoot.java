package dev.kemas.signature.sigstore;

import dev.kemas.fault.Fault;
import dev.sigstore.TrustedRootProvider;
import dev.sigstore.fulcio.client.FulcioVerifier;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.timestamp.client.TimestampVerifier;
import dev.sigstore.trustroot.SigstoreConfigurationException;
import dev.sigstore.trustroot.SigstoreTrustedRoot;
import dev.sigstore.tuf.SigstoreTufClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Authorities and logs that are trusted.
 *
 * @param root their certificates and keys
 * @param certificates verifies certificates by them
 * @param log verifies entries of transparency logs by them
 * @param stamps verifies time stamps by them
 */
record TrustRoot(
    SigstoreTrustedRoot root,
    FulcioVerifier certificates,
    RekorVerifier log,
    TimestampVerifier stamps) {
  /**
   * Reads one.
   *
   * @param file empty: that of sigstore's public-good instance
   * @throws Fault.InvalidArgument when the file is no trust root
   * @throws Fault.Unavailable when sigstore's cannot be got
   */
  static TrustRoot read(Optional<Path> file) {
    try {
      SigstoreTrustedRoot root = provider(file).get();
      return new TrustRoot(
          root,
          FulcioVerifier.newFulcioVerifier(root),
          RekorVerifier.newRekorVerifier(root),
          TimestampVerifier.newTimestampVerifier(root));
    } catch (SigstoreConfigurationException | GeneralSecurityException | RuntimeException e) {
      if (file.isPresent()) {
        throw new Fault.InvalidArgument(
            "trust root " + file.get() + " cannot be used: " + Certificates.text(e), e);
      }
      throw new Fault.Unavailable(
          "the trust root of sigstore's public-good instance cannot be got: "
              + Certificates.text(e)
              + ": let the daemon reach tuf-repo-cdn.sigstore.dev, or name a trusted_root.json file",
          e);
    }
  }

  private static TrustedRootProvider provider(Optional<Path> file) {
    return file.map(TrustedRootProvider::from)
        .orElseGet(
            () -> TrustedRootProvider.from(SigstoreTufClient.builder().usePublicGoodInstance()));
  }
}
