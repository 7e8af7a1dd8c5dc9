package dev.kemas.signature.sigstore;

import dev.kemas.signature.Evidence;
import dev.sigstore.bundle.Bundle;
import dev.sigstore.bundle.Bundle.DsseEnvelope;
import dev.sigstore.bundle.BundleParseException;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.fulcio.client.FulcioVerificationException;
import dev.sigstore.json.JsonParseException;
import dev.sigstore.proto.common.v1.HashAlgorithm;
import dev.sigstore.proto.rekor.v2.DSSELogEntryV002;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorTypeException;
import dev.sigstore.rekor.client.RekorTypes;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.dsse.v0_0_1.Dsse;
import dev.sigstore.timestamp.client.ImmutableTimestampResponse;
import dev.sigstore.timestamp.client.TimestampException;
import dev.sigstore.timestamp.client.TimestampResponse;
import dev.sigstore.timestamp.client.TimestampVerificationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Sigstore bundles with a statement. The parts of sigstore-java are put together here: its own
 * verifier (2.0) wants a statement with a name and a predicate, which cosign's signatures do not
 * have, and holds no certificate against the time at which the log took the signature.
 */
final class BundleCheck {
  private BundleCheck() {}

  static X509Certificate of(TrustRoot root, Evidence.Bundle evidence)
      throws NotVerified, GeneralSecurityException, IOException {
    Bundle bundle;
    try {
      bundle = Bundle.from(new StringReader(new String(evidence.json(), StandardCharsets.UTF_8)));
    } catch (BundleParseException e) {
      throw new NotVerified("it cannot be read: " + e.getMessage(), e);
    }
    X509Certificate leaf = (X509Certificate) bundle.getCertPath().getCertificates().getFirst();
    try {
      root.certificates().verifySigningCertificate(bundle.getCertPath());
    } catch (FulcioVerificationException e) {
      throw new NotVerified("its certificate does not hold: " + Certificates.text(e), e);
    }
    DsseEnvelope envelope =
        bundle
            .getDsseEnvelope()
            .orElseThrow(() -> new NotVerified("it has no statement about an image"));
    requireSigned(envelope, leaf);
    RekorEntry entry = bundle.getEntries().getFirst();
    requireSame(entry, envelope, leaf);
    try {
      root.log().verifyEntry(entry);
    } catch (RekorVerificationException e) {
      throw new NotVerified(
          "its entry of the transparency log does not hold: " + Certificates.text(e), e);
    }
    if (entry.getVerification().getSignedEntryTimestamp() != null) {
      LogTime.require(root, entry, leaf);
    } else {
      requireStamp(root, bundle, leaf);
    }
    return leaf;
  }

  private static void requireSigned(DsseEnvelope envelope, X509Certificate leaf)
      throws NotVerified, GeneralSecurityException {
    if (envelope.getSignatures().size() != 1) {
      throw new NotVerified("it has " + envelope.getSignatures().size() + " signatures, not one");
    }
    byte[] type = envelope.getPayloadType().getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("DSSEv1 "
                + type.length
                + " "
                + envelope.getPayloadType()
                + " "
                + envelope.getPayload().length
                + " ")
            .getBytes(StandardCharsets.UTF_8);
    byte[] signed = Arrays.copyOf(head, head.length + envelope.getPayload().length);
    System.arraycopy(envelope.getPayload(), 0, signed, head.length, envelope.getPayload().length);
    if (!Verifiers.newVerifier(leaf.getPublicKey()).verify(signed, envelope.getSignature())) {
      throw new NotVerified("it was not made with the key of its certificate");
    }
  }

  /** The entry must be of this signature of this statement by this certificate. */
  private static void requireSame(RekorEntry entry, DsseEnvelope envelope, X509Certificate leaf)
      throws NotVerified, GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(envelope.getPayload());
    boolean same;
    try {
      same =
          "0.0.2".equals(entry.getBodyDecoded().getApiVersion())
              ? isSame(RekorTypes.getDsseV002(entry), digest, envelope.getSignature(), leaf)
              : isSame(RekorTypes.getDsseV001(entry), digest, envelope.getSignature(), leaf);
    } catch (RekorTypeException | JsonParseException e) {
      throw new NotVerified("its entry of the transparency log is of no known type", e);
    }
    if (!same) {
      throw new NotVerified("its entry of the transparency log is that of another signature");
    }
  }

  private static boolean isSame(Dsse entry, byte[] digest, byte[] signature, X509Certificate leaf)
      throws NotVerified, GeneralSecurityException {
    if (entry.getSignatures().size() != 1) {
      return false;
    }
    dev.sigstore.rekor.dsse.v0_0_1.Signature one = entry.getSignatures().getFirst();
    String pem =
        new String(Base64.getDecoder().decode(one.getVerifier()), StandardCharsets.US_ASCII);
    return HexFormat.of().formatHex(digest).equals(entry.getPayloadHash().getValue())
        && Arrays.equals(Base64.getDecoder().decode(one.getSignature()), signature)
        && pem.contains("BEGIN CERTIFICATE")
        && Certificates.leaf(pem).equals(leaf);
  }

  private static boolean isSame(
      DSSELogEntryV002 entry, byte[] digest, byte[] signature, X509Certificate leaf)
      throws GeneralSecurityException {
    return entry.getPayloadHash().getAlgorithm() == HashAlgorithm.SHA2_256
        && Arrays.equals(entry.getPayloadHash().getDigest().toByteArray(), digest)
        && entry.getSignaturesCount() == 1
        && Arrays.equals(entry.getSignatures(0).getContent().toByteArray(), signature)
        && Arrays.equals(
            entry.getSignatures(0).getVerifier().getX509Certificate().getRawBytes().toByteArray(),
            leaf.getEncoded());
  }

  /** Newer logs promise no time: a time stamp by an authority of the trust root says it. */
  private static void requireStamp(TrustRoot root, Bundle bundle, X509Certificate leaf)
      throws NotVerified, GeneralSecurityException {
    if (bundle.getTimestamps().isEmpty()) {
      throw new NotVerified("nothing says when it was made");
    }
    for (Bundle.Timestamp stamp : bundle.getTimestamps()) {
      try {
        TimestampResponse response =
            ImmutableTimestampResponse.builder().encoded(stamp.getRfc3161Timestamp()).build();
        root.stamps().verify(response, bundle.getDsseEnvelope().orElseThrow().getSignature());
        leaf.checkValidity(response.getGenTime());
      } catch (TimestampException | TimestampVerificationException e) {
        throw new NotVerified("its time stamp does not hold: " + Certificates.text(e), e);
      }
    }
  }
}
