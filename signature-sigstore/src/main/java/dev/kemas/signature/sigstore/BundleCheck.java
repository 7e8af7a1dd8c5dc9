package dev.kemas.signature.sigstore;

import dev.kemas.signature.Evidence;
import dev.sigstore.KeylessVerificationException;
import dev.sigstore.VerificationOptions;
import dev.sigstore.bundle.Bundle;
import dev.sigstore.bundle.BundleParseException;
import dev.sigstore.rekor.client.RekorEntry;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** Sigstore bundles, as sigstore-java verifies them, and the one thing that it leaves out. */
final class BundleCheck {
  private BundleCheck() {}

  static X509Certificate of(TrustRoot root, Evidence.Bundle evidence, String subject)
      throws NotVerified, GeneralSecurityException {
    Bundle bundle;
    try {
      bundle = Bundle.from(new StringReader(new String(evidence.json(), StandardCharsets.UTF_8)));
    } catch (BundleParseException e) {
      throw new NotVerified("it cannot be read: " + e.getMessage(), e);
    }
    try {
      root.bundles().verify(HexFormat.of().parseHex(subject), bundle, VerificationOptions.empty());
    } catch (KeylessVerificationException e) {
      throw new NotVerified(Certificates.text(e), e);
    }
    X509Certificate leaf = (X509Certificate) bundle.getCertPath().getCertificates().getFirst();
    RekorEntry entry = bundle.getEntries().getFirst();
    // sigstore-java 2.0 holds a certificate's validity only against time stamps of their own, which
    // a bundle need not have: where the log promised its time, that one counts
    if (entry.getVerification().getSignedEntryTimestamp() != null) {
      LogTime.require(root, entry, leaf);
    }
    return leaf;
  }
}
