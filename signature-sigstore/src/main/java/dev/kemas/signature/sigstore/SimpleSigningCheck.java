package dev.kemas.signature.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.signature.Evidence;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.fulcio.client.FulcioVerificationException;
import dev.sigstore.rekor.client.ImmutableRekorEntry;
import dev.sigstore.rekor.client.ImmutableVerification;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorTypeException;
import dev.sigstore.rekor.client.RekorTypes;
import dev.sigstore.rekor.hashedRekord.v0_0_1.HashedRekord;
import dev.sigstore.trustroot.TransparencyLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What {@code cosign sign} puts under its own tag: the certificate and the log's promise stand in
 * annotations (cosign's SIGNATURE_SPEC.md). There is no proof that the entry is in the log, which
 * sigstore-java's own verifier wants, so its parts are put together here.
 */
final class SimpleSigningCheck {
  private SimpleSigningCheck() {}

  static X509Certificate of(TrustRoot root, Evidence.SimpleSigning evidence)
      throws NotVerified, GeneralSecurityException, IOException {
    X509Certificate leaf =
        Certificates.leaf(
            evidence
                .certificate()
                .orElseThrow(() -> new NotVerified("it has no certificate: it was made by a key")));
    try {
      root.certificates()
          .verifySigningCertificate(Certificates.path(leaf, evidence.chain(), root.root()));
    } catch (FulcioVerificationException e) {
      throw new NotVerified("its certificate does not hold: " + Certificates.text(e), e);
    }
    if (!Verifiers.newVerifier(leaf.getPublicKey())
        .verify(evidence.payload(), evidence.signature())) {
      throw new NotVerified("it was not made with the key of its certificate");
    }
    RekorEntry entry =
        entry(
            evidence
                .logEntry()
                .orElseThrow(() -> new NotVerified("it has no entry of a transparency log")));
    TransparencyLog log = LogTime.require(root, entry, leaf);
    requirePromise(log, entry);
    requireSame(entry, evidence, leaf);
    return leaf;
  }

  /** An entry as cosign keeps it. */
  private static RekorEntry entry(String json) throws NotVerified {
    JsonNode all;
    try {
      all = Json.read(json, JsonNode.class, "entry of a transparency log");
    } catch (Fault.InvalidArgument e) {
      throw new NotVerified("it has an " + e.getMessage(), e);
    }
    JsonNode payload = all.path("Payload");
    return ImmutableRekorEntry.builder()
        .body(payload.path("body").asText(""))
        .integratedTime(payload.path("integratedTime").asLong())
        .logIndex(payload.path("logIndex").asLong())
        .logID(payload.path("logID").asText(""))
        .verification(
            ImmutableVerification.builder()
                .signedEntryTimestamp(all.path("SignedEntryTimestamp").asText(""))
                .build())
        .build();
  }

  private static void requirePromise(TransparencyLog log, RekorEntry entry)
      throws NotVerified, GeneralSecurityException {
    byte[] promise =
        Base64.getDecoder()
            .decode(String.valueOf(entry.getVerification().getSignedEntryTimestamp()));
    if (!Verifiers.newVerifier(log.getPublicKey().toJavaPublicKey())
        .verify(entry.getSignableContent(), promise)) {
      throw new NotVerified("its entry of the transparency log was not signed by the log");
    }
  }

  /** The entry must be of this signature of this payload by this certificate. */
  private static void requireSame(
      RekorEntry entry, Evidence.SimpleSigning evidence, X509Certificate leaf)
      throws NotVerified, GeneralSecurityException {
    HashedRekord record;
    try {
      record = RekorTypes.getHashedRekordV001(entry);
    } catch (RekorTypeException e) {
      throw new NotVerified("its entry of the transparency log is of no known type", e);
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(evidence.payload());
    String pem =
        new String(
            Base64.getDecoder().decode(record.getSignature().getPublicKey().getContent()),
            StandardCharsets.US_ASCII);
    boolean same =
        HexFormat.of().formatHex(digest).equals(record.getData().getHash().getValue())
            && Arrays.equals(
                Base64.getDecoder().decode(record.getSignature().getContent()),
                evidence.signature())
            && pem.contains("BEGIN CERTIFICATE")
            && Certificates.leaf(pem).equals(leaf);
    if (!same) {
      throw new NotVerified("its entry of the transparency log is that of another signature");
    }
  }
}
