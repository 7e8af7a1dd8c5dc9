package dev.kemas.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds and what does not, by key and by identity. */
class SignatureJudgeTest {
  private static final Reference NAME = Reference.parse("reg.example.com/team/app:1");
  private static final Digest IMAGE = Digest.of(bytes("the manifest"));

  @TempDir Path folder;
  private final List<Evidence> asked = new ArrayList<>();
  private KeylessVerifier.Outcome outcome = new KeylessVerifier.Refused("not asked for");
  private final SignatureJudge judge =
      new SignatureJudge(() ->
          (root, evidence) -> {
            asked.add(evidence);
            return outcome;
          });

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] payload(Digest digest, String name) {
    return bytes(
        "{\"critical\":{\"identity\":{\"docker-reference\":\""
            + name
            + "\"},\"image\":{\"docker-manifest-digest\":\""
            + digest
            + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}");
  }

  private static Evidence simple(byte[] payload, byte[] signature) {
    return new Evidence.SimpleSigning(
        "here", payload, signature, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private SignatureRule byKey(KeyPair pair, boolean sameName) throws IOException {
    Path file = Files.writeString(folder.resolve("key.pub"), Keys.pem(pair.getPublic()));
    return rule(new Signer.Key(file, PemKeys.read(file)), sameName);
  }

  private static SignatureRule rule(Signer signer, boolean sameName) {
    return new SignatureRule(
        Scope.ALL,
        SignatureRule.Action.REQUIRE,
        List.of(signer),
        sameName,
        Optional.of("policy, line 1"));
  }

  private String why(SignatureRule rule, Evidence evidence) {
    return switch (judge.judge(rule, NAME, IMAGE, List.of(evidence))) {
      case SignatureJudge.Holds holds -> "";
      case SignatureJudge.Fails fails -> fails.why().getFirst();
    };
  }

  @Test
  void everyKindOfKeyVerifies() throws IOException, GeneralSecurityException {
    byte[] payload = payload(IMAGE, "x");
    record Kind(KeyPair pair, String algorithm) {}
    for (Kind kind :
        List.of(
            new Kind(Keys.ec("secp256r1"), "SHA256withECDSA"),
            new Kind(Keys.ec("secp384r1"), "SHA384withECDSA"),
            new Kind(Keys.ec("secp521r1"), "SHA256withECDSA"),
            new Kind(Keys.rsa(2048), "SHA256withRSA"),
            new Kind(Keys.ed25519(), "Ed25519"))) {
      byte[] signature = Keys.sign(kind.pair().getPrivate(), kind.algorithm(), payload);
      SignatureRule rule = byKey(kind.pair(), false);
      assertThat(judge.judge(rule, NAME, IMAGE, List.of(simple(payload, signature))))
          .as(kind.algorithm())
          .isEqualTo(new SignatureJudge.Holds("key " + folder.resolve("key.pub")));
      signature[signature.length - 1] ^= 1;
      assertThat(why(rule, simple(payload, signature)))
          .isEqualTo("here: not made by key " + folder.resolve("key.pub"));
    }
  }

  @Test
  void anotherKeyOrAChangedPayloadDoesNotDo() throws IOException, GeneralSecurityException {
    KeyPair mine = Keys.ec("secp256r1");
    byte[] payload = payload(IMAGE, "x");
    byte[] other = Keys.sign(Keys.ec("secp256r1").getPrivate(), "SHA256withECDSA", payload);
    assertThat(why(byKey(mine, false), simple(payload, other))).contains("not made by key");

    byte[] ofAnother = payload(Digest.of(bytes("another")), "x");
    byte[] signature = Keys.sign(mine.getPrivate(), "SHA256withECDSA", ofAnother);
    assertThat(why(byKey(mine, false), simple(ofAnother, signature)))
        .isEqualTo("here: it is for another image: " + Digest.of(bytes("another")));
    assertThat(why(byKey(mine, false), simple(payload, signature))).contains("not made by key");
    assertThat(why(byKey(mine, false), simple(payload, new byte[0]))).contains("not made by key");
    assertThat(why(byKey(mine, false), simple(bytes("{"), signature))).contains("invalid payload");
    assertThat(why(byKey(mine, false), simple(bytes("{}"), signature)))
        .contains("its payload is of the type \"\"");
  }

  @Test
  void theNameCountsWhereTheRuleWantsIt() throws IOException, GeneralSecurityException {
    KeyPair mine = Keys.ec("secp256r1");
    byte[] right = payload(IMAGE, "reg.example.com/team/app");
    byte[] wrong = payload(IMAGE, "reg.example.com/team/other");
    Evidence signedRight = simple(right, Keys.sign(mine.getPrivate(), "SHA256withECDSA", right));
    Evidence signedWrong = simple(wrong, Keys.sign(mine.getPrivate(), "SHA256withECDSA", wrong));
    assertThat(why(byKey(mine, true), signedRight)).isEmpty();
    assertThat(why(byKey(mine, false), signedWrong)).isEmpty();
    assertThat(why(byKey(mine, true), signedWrong))
        .isEqualTo("here: it was made for the name reg.example.com/team/other");
  }

  private static Evidence bundle(KeyPair pair, String predicate, Digest digest)
      throws GeneralSecurityException {
    String statement =
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\""
            + digest.hex()
            + "\"}}],\"predicateType\":\""
            + predicate
            + "\",\"predicate\":{\"is\":\"grün\"}}";
    byte[] payload = bytes(statement);
    String type = "application/vnd.in-toto+json";
    byte[] signed =
        bytes("DSSEv1 " + type.length() + " " + type + " " + payload.length + " " + statement);
    return new Evidence.Bundle(
        "there",
        bytes(
            "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"dsseEnvelope\":"
                + "{\"payload\":\""
                + Base64.getEncoder().encodeToString(payload)
                + "\",\"payloadType\":\""
                + type
                + "\",\"signatures\":[{\"sig\":\""
                + Base64.getEncoder()
                    .encodeToString(Keys.sign(pair.getPrivate(), "SHA256withECDSA", signed))
                + "\"}]}}"));
  }

  @Test
  void aBundleIsAsGood() throws IOException, GeneralSecurityException {
    KeyPair mine = Keys.ec("secp256r1");
    SignatureRule rule = byKey(mine, false);
    assertThat(why(rule, bundle(mine, Statement.SIGNED, IMAGE))).isEmpty();
    assertThat(why(rule, bundle(Keys.ec("secp256r1"), Statement.SIGNED, IMAGE)))
        .contains("there: not made by key");
    assertThat(why(rule, bundle(mine, Statement.SIGNED, Digest.of(bytes("another")))))
        .contains("there: it is for another image: sha256:");
    assertThat(why(byKey(mine, true), bundle(mine, Statement.SIGNED, IMAGE)))
        .isEqualTo("there: it names no repository, which \"same-name\" wants");
  }

  @Test
  void whatWasFoundOutAboutAnImageIsNoSignature() throws IOException, GeneralSecurityException {
    KeyPair mine = Keys.ec("secp256r1");
    assertThat(why(byKey(mine, false), bundle(mine, "https://slsa.dev/provenance/v1", IMAGE)))
        .isEqualTo(
            "there: it is no signature but an attestation of https://slsa.dev/provenance/v1");
    assertThat(why(byKey(mine, false), new Evidence.Bundle("there", bytes("{}"))))
        .isEqualTo("there: it has no statement about an image");
  }

  private static final SignatureRule BY_IDENTITY =
      rule(
          new Signer.Identity(
              Optional.empty(),
              new Wanted.Matching(java.util.regex.Pattern.compile(".*@example\\.com")),
              new Wanted.Exactly("https://issuer.test")),
          false);

  @Test
  void anIdentityMustBeTheOneThatIsWanted() {
    Evidence evidence = simple(payload(IMAGE, "x"), new byte[0]);
    outcome = new KeylessVerifier.Certified(List.of("me@example.com"), "https://issuer.test");
    assertThat(why(BY_IDENTITY, evidence)).isEmpty();
    assertThat(asked).containsExactly(evidence);

    outcome = new KeylessVerifier.Certified(List.of("me@example.com.evil"), "https://issuer.test");
    assertThat(why(BY_IDENTITY, evidence))
        .isEqualTo(
            "here: made by identity me@example.com.evil of issuer https://issuer.test, not by"
                + " identity /.*@example\\.com/ of issuer https://issuer.test");
    outcome = new KeylessVerifier.Certified(List.of("me@example.com"), "https://issuer.test/");
    assertThat(why(BY_IDENTITY, evidence)).contains("of issuer https://issuer.test/, not by");
    outcome = new KeylessVerifier.Refused("its certificate has expired");
    assertThat(why(BY_IDENTITY, evidence)).isEqualTo("here: its certificate has expired");
  }

  @Test
  void whatACertifiedSignatureSaysCountsToo() {
    outcome = new KeylessVerifier.Certified(List.of("me@example.com"), "https://issuer.test");
    assertThat(why(BY_IDENTITY, simple(payload(Digest.of(bytes("another")), "x"), new byte[0])))
        .contains("it is for another image");
  }

  @Test
  void nothingIsLoadedForKeys() throws IOException, GeneralSecurityException {
    KeyPair mine = Keys.ec("secp256r1");
    byte[] payload = payload(IMAGE, "x");
    SignatureJudge sparing =
        new SignatureJudge(() -> {
          throw new AssertionError("loaded for nothing");
        });
    byte[] signature = Keys.sign(mine.getPrivate(), "SHA256withECDSA", payload);
    assertThat(sparing.judge(byKey(mine, false), NAME, IMAGE, List.of(simple(payload, signature))))
        .isInstanceOf(SignatureJudge.Holds.class);
  }
}
