package dev.kemas.signature.sigstore;

import static dev.kemas.signature.sigstore.PrivateSigstore.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import dev.kemas.signature.Evidence;
import dev.kemas.signature.KeylessVerifier;
import dev.kemas.signature.SignatureJudge;
import dev.kemas.signature.SignaturePolicy;
import dev.kemas.signature.sigstore.PrivateSigstore.Wanted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures by identity against a private sigstore: what holds, and each way it may not. */
class SigstoreVerifierTest {
  private static final Digest IMAGE = Digest.of(bytes("the manifest"));
  private static final Instant SIGNED = NOW.plus(Duration.ofMinutes(1));
  private static final byte[] PAYLOAD =
      bytes(
          "{\"critical\":{\"identity\":{\"docker-reference\":\"reg.test/x\"},\"image\":"
              + "{\"docker-manifest-digest\":\""
              + IMAGE
              + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}");
  private static final String STATEMENT =
      "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":"
          + "{\"sha256\":\""
          + IMAGE.hex()
          + "\"}}],\"predicateType\":\"https://sigstore.dev/cosign/sign/v1\"}";

  @TempDir Path folder;
  private final KeylessVerifier verifier = new SigstoreVerifier();
  private PrivateSigstore sigstore;
  private KeyPair key;
  private X509Certificate certificate;

  @BeforeEach
  void certify() throws GeneralSecurityException, IOException {
    sigstore = new PrivateSigstore();
    key = PrivateSigstore.pair();
    certificate = sigstore.certify(key.getPublic(), Wanted.mail("me@example.com"));
    Files.writeString(folder.resolve("root.json"), sigstore.trustRoot());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private KeylessVerifier.Outcome verify(Evidence evidence) {
    return verifier.verify(Optional.of(folder.resolve("root.json")), evidence);
  }

  private String why(Evidence evidence) {
    return verify(evidence) instanceof KeylessVerifier.Refused refused ? refused.why() : "holds";
  }

  private Evidence simple(byte[] payload, byte[] signature, X509Certificate by, String entry)
      throws GeneralSecurityException {
    return new Evidence.SimpleSigning(
        "here",
        payload,
        signature,
        Optional.of(PrivateSigstore.pem(by)),
        Optional.empty(),
        Optional.ofNullable(entry));
  }

  /** A right signature by a certificate, in the log at a time. */
  private Evidence simple(X509Certificate by, Instant at) throws GeneralSecurityException {
    byte[] signature = PrivateSigstore.sign(key, PAYLOAD);
    return simple(PAYLOAD, signature, by, sigstore.entry(PAYLOAD, signature, by, at));
  }

  private Evidence bundle(String json) {
    return new Evidence.Bundle("there", bytes(json));
  }

  @Test
  void aSignatureUnderCosignsTagHolds() throws GeneralSecurityException, IOException {
    assertThat(verify(simple(certificate, SIGNED)))
        .isEqualTo(new KeylessVerifier.Certified(List.of("me@example.com"), "https://issuer.test"));
    String workflow = "https://github.com/me/app/.github/workflows/release.yml@refs/heads/main";
    X509Certificate ofWorkflow =
        sigstore.certify(
            key.getPublic(),
            new Wanted(
                new GeneralName(GeneralName.uniformResourceIdentifier, workflow),
                "https://token.actions.githubusercontent.com",
                NOW,
                true));
    assertThat(verify(simple(ofWorkflow, SIGNED)))
        .isEqualTo(
            new KeylessVerifier.Certified(
                List.of(workflow), "https://token.actions.githubusercontent.com"));
  }

  @Test
  void aBundleHolds() throws GeneralSecurityException {
    assertThat(verify(bundle(sigstore.bundle(key, certificate, STATEMENT, SIGNED))))
        .isEqualTo(new KeylessVerifier.Certified(List.of("me@example.com"), "https://issuer.test"));
  }

  @Test
  void aCertificateOfAnotherAuthorityDoesNot() throws GeneralSecurityException, IOException {
    PrivateSigstore other = new PrivateSigstore();
    X509Certificate theirs = other.certify(key.getPublic(), Wanted.mail("me@example.com"));
    assertThat(why(simple(theirs, SIGNED))).contains("its certificate does not hold");
    assertThat(why(bundle(sigstore.bundle(key, theirs, STATEMENT, SIGNED))))
        .contains("its certificate does not hold");
  }

  @Test
  void aCertificateThatNoLogSawDoesNot() throws GeneralSecurityException, IOException {
    X509Certificate secret =
        sigstore.certify(key.getPublic(), Wanted.mail("me@example.com").outsideOfTheLog());
    assertThat(why(simple(secret, SIGNED))).contains("No valid SCTs");
    assertThat(why(bundle(sigstore.bundle(key, secret, STATEMENT, SIGNED))))
        .contains("No valid SCTs");
  }

  @Test
  void aCertificateThatHadExpiredOrWasNotYetValidDoesNot()
      throws GeneralSecurityException, IOException {
    for (Instant at : List.of(NOW.plus(Duration.ofMinutes(11)), NOW.minusSeconds(1))) {
      assertThat(why(simple(certificate, at)))
          .isEqualTo(
              "its certificate was valid from 2026-03-01T12:00:00Z to 2026-03-01T12:10:00Z, and it"
                  + " came into the log at "
                  + at);
      assertThat(why(bundle(sigstore.bundle(key, certificate, STATEMENT, at))))
          .contains("its certificate was valid from 2026-03-01T12:00:00Z");
    }
    X509Certificate old =
        sigstore.certify(
            key.getPublic(),
            Wanted.mail("me@example.com").from(Instant.parse("2025-05-01T00:00:00Z")));
    assertThat(why(simple(old, Instant.parse("2025-05-01T00:01:00Z"))))
        .contains("its certificate does not hold");
  }

  @Test
  void whatIsInNoLogDoesNot() throws GeneralSecurityException, IOException {
    byte[] signature = PrivateSigstore.sign(key, PAYLOAD);
    assertThat(why(simple(PAYLOAD, signature, certificate, null)))
        .isEqualTo("it has no entry of a transparency log");
    assertThat(why(simple(PAYLOAD, signature, certificate, "{")))
        .contains("it has an invalid entry of a transparency log");
    String other = new PrivateSigstore().entry(PAYLOAD, signature, certificate, SIGNED);
    assertThat(why(simple(PAYLOAD, signature, certificate, other)))
        .contains("that the trust root does not have");
    String entry = sigstore.entry(PAYLOAD, signature, certificate, SIGNED);
    String later = entry.replace("" + SIGNED.getEpochSecond(), "" + (SIGNED.getEpochSecond() + 1));
    assertThat(later).isNotEqualTo(entry);
    assertThat(why(simple(PAYLOAD, signature, certificate, later)))
        .isEqualTo("its entry of the transparency log was not signed by the log");

    String whole = sigstore.bundle(key, certificate, STATEMENT, SIGNED);
    assertThat(why(bundle(whole.replace("tlogEntries", "none")))).isNotEqualTo("holds");
    assertThat(why(bundle(whole.replaceFirst("\"rootHash\":\"[^\"]+\"", "\"rootHash\":\"AAAA\""))))
        .contains("its entry of the transparency log does not hold");
    assertThat(
            why(
                bundle(
                    whole.replace(
                        "\"" + SIGNED.getEpochSecond() + "\"",
                        "\"" + (SIGNED.getEpochSecond() + 1) + "\""))))
        .contains("SET was not valid");
  }

  @Test
  void theLogsEntryMustBeOfThisSignature() throws GeneralSecurityException {
    byte[] signature = PrivateSigstore.sign(key, PAYLOAD);
    byte[] another = PrivateSigstore.sign(key, PAYLOAD);
    String entry = sigstore.entry(PAYLOAD, another, certificate, SIGNED);
    assertThat(why(simple(PAYLOAD, signature, certificate, entry)))
        .isEqualTo("its entry of the transparency log is that of another signature");

    ObjectNode one = bundleOf(STATEMENT);
    one.set("dsseEnvelope", bundleOf(STATEMENT.replace("v1", "v2")).get("dsseEnvelope"));
    assertThat(why(bundle(one.toString())))
        .isEqualTo("its entry of the transparency log is that of another signature");
  }

  private ObjectNode bundleOf(String statement) throws GeneralSecurityException {
    return Json.read(
        sigstore.bundle(key, certificate, statement, SIGNED), ObjectNode.class, "bundle");
  }

  @Test
  void aChangedPayloadDoesNot() throws GeneralSecurityException {
    byte[] signature = PrivateSigstore.sign(key, PAYLOAD);
    byte[] changed =
        bytes(new String(PAYLOAD, StandardCharsets.UTF_8).replace("reg.test", "reg.evil"));
    assertThat(
            why(
                simple(
                    changed,
                    signature,
                    certificate,
                    sigstore.entry(PAYLOAD, signature, certificate, SIGNED))))
        .isEqualTo("it was not made with the key of its certificate");
    assertThat(why(bundle(sigstore.bundle(PrivateSigstore.pair(), certificate, STATEMENT, SIGNED))))
        .isEqualTo("it was not made with the key of its certificate");
  }

  @Test
  void whatIsNoCertificateOrNoBundleIsSaidSo() throws GeneralSecurityException {
    byte[] signature = PrivateSigstore.sign(key, PAYLOAD);
    assertThat(
            why(
                new Evidence.SimpleSigning(
                    "here",
                    PAYLOAD,
                    signature,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())))
        .isEqualTo("it has no certificate: it was made by a key");
    assertThat(
            why(
                new Evidence.SimpleSigning(
                    "here",
                    PAYLOAD,
                    signature,
                    Optional.of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                    Optional.empty(),
                    Optional.empty())))
        .startsWith("it is malformed: ");
    for (String json : List.of("", "[]", "{}", "{\"mediaType\":\"x\"}", "{\"dsseEnvelope\":3}")) {
      assertThat(why(bundle(json))).as(json).isNotEqualTo("holds");
    }
  }

  @Test
  void aTrustRootThatIsNoneIsSaidSoAndAChangedOneIsReadAgain()
      throws GeneralSecurityException, IOException {
    assertThat(verify(simple(certificate, SIGNED))).isInstanceOf(KeylessVerifier.Certified.class);
    Path root = folder.resolve("root.json");
    Files.writeString(root, new PrivateSigstore().trustRoot());
    Files.setLastModifiedTime(root, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(why(simple(certificate, SIGNED))).contains("its certificate does not hold");
    Files.writeString(root, "{\"tlogs\": 3}");
    Files.setLastModifiedTime(root, FileTime.from(Instant.now().plusSeconds(9)));
    assertThatThrownBy(() -> verify(simple(certificate, SIGNED)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("trust root " + root + " cannot be used: ");
  }

  /**
   * Where the network is cut off it says so; where it is not, that root vouches for nobody here.
   */
  @Test
  void sigstoresOwnTrustRootIsAskedForOverTheNetwork() throws GeneralSecurityException {
    String home = System.getProperty("user.home");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    System.setProperty("user.home", folder.toString());
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      assertThat(verifier.verify(Optional.empty(), simple(certificate, SIGNED)))
          .isInstanceOf(KeylessVerifier.Refused.class);
    } catch (Fault.Unavailable e) {
      assertThat(e)
          .hasMessageContaining("the trust root of sigstore's public-good instance cannot be got")
          .hasMessageContaining("let the daemon reach tuf-repo-cdn.sigstore.dev, or name a")
          .hasMessageNotContaining("resource");
    } finally {
      System.setProperty("user.home", home);
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void aPolicyFindsThisVerifierByItself() throws GeneralSecurityException, IOException {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            """
            {"rules": [{"images": "reg.test", "action": "require", "signers": [
              {"trust-root": "root.json", "identity": "me@example.com",
               "issuer": "https://issuer.test"}]},
              {"images": "reg.test/other", "action": "require", "signers": [
              {"trust-root": "root.json", "identity-pattern": ".*@example\\\\.org",
               "issuer": "https://issuer.test"}]}]}
            """);
    SignaturePolicy policy = SignaturePolicy.read(file);
    SignatureJudge judge = new SignatureJudge();
    List<Evidence> evidence = List.of(simple(certificate, SIGNED));
    Reference name = Reference.parse("reg.test/x");
    assertThat(judge.judge(policy.ruleFor(name), name, IMAGE, evidence))
        .isInstanceOf(SignatureJudge.Holds.class);
    Reference other = Reference.parse("reg.test/other");
    assertThat(judge.judge(policy.ruleFor(other), other, IMAGE, evidence))
        .asString()
        .contains(
            "made by identity me@example.com of issuer https://issuer.test, not by identity"
                + " /.*@example\\.org/ of issuer https://issuer.test");
    assertThat(judge.judge(policy.ruleFor(name), name, Digest.of(bytes("another")), evidence))
        .asString()
        .contains("it is for another image");
  }
}
