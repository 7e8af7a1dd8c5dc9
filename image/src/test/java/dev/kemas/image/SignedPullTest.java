package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.archive.Compression;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.registry.client.Retries;
import dev.kemas.signature.SignaturePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls under a policy of signatures. */
class SignedPullTest {
  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;
  private KeyPair key;

  private final byte[] layer = Sample.compress(Sample.layer("a", "lower"), Compression.GZIP);
  private final byte[] config = Json.write(Sample.config(Sample.layer("a", "lower")));
  private final byte[] manifest =
      Json.write(
          Manifest.oci(
              descriptor(MediaType.OCI_CONFIG, config),
              List.of(descriptor(MediaType.OCI_LAYER_GZIP, layer))));

  private static Descriptor descriptor(String type, byte[] content) {
    return Descriptor.of(type, Digest.of(content), content.length);
  }

  @BeforeEach
  void open() throws IOException, GeneralSecurityException {
    store =
        Store.open(
            folder,
            new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
                .withPatience(
                    Duration.ofSeconds(1),
                    new Retries(1, Duration.ofMillis(1), Duration.ofMillis(1))));
    registry = new RegistryDouble();
    registry.put("1", manifest, config, layer);
    key = pair();
    Files.writeString(
        folder.resolve("cosign.pub"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @AfterEach
  void close() {
    registry.close();
    store.close();
  }

  private void policy(String action) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\": [{\"images\": \""
                + registry.host()
                + "\", \"action\": \""
                + action
                + "\", \"signers\": [{\"key\": \"cosign.pub\"}]}]}");
    store.policy = SignaturePolicy.read(file);
  }

  private Image pull() {
    return store
        .service
        .puller()
        .pull(
            Reference.parse(registry.host() + "/team/x:1"),
            Optional.empty(),
            RegistryLogin.ANONYMOUS,
            store.progress());
  }

  /** Puts what cosign puts: an image whose layers are payloads, their signatures beside them. */
  private void sign(Digest image, KeyPair by, Digest under) throws GeneralSecurityException {
    byte[] payload =
        ("{\"critical\":{\"identity\":{\"docker-reference\":\"x\"},\"image\":"
                + "{\"docker-manifest-digest\":\""
                + image
                + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}")
            .getBytes(StandardCharsets.UTF_8);
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(by.getPrivate());
    signer.update(payload);
    put(
        "sha256-" + under.hex() + ".sig",
        descriptor("application/vnd.dev.cosign.simplesigning.v1+json", payload)
            .withAnnotation(
                "dev.cosignproject.cosign/signature",
                Base64.getEncoder().encodeToString(signer.sign())),
        payload);
  }

  private void put(String tag, Descriptor of, byte[]... content) {
    registry.put(
        tag,
        Json.write(Manifest.oci(descriptor(MediaType.OCI_CONFIG, config), List.of(of))),
        content);
  }

  private List<String> layersAsked() {
    return registry.asked.stream().filter(p -> p.endsWith(Digest.of(layer).toString())).toList();
  }

  @Test
  void anImageThatIsSignedIsPulled() throws IOException, GeneralSecurityException {
    policy("require");
    sign(Digest.of(manifest), key, Digest.of(manifest));
    assertThat(pull().id()).isEqualTo(Digest.of(config));
    assertThat(store.said)
        .contains("Signature: verified, key " + folder.resolve("cosign.pub"))
        .contains("Status: Downloaded newer image for " + registry.host() + "/team/x:1");
  }

  @Test
  void oneThatNobodySignedIsRefusedBeforeItsFirstByte() throws IOException {
    policy("require");
    Digest digest = Digest.of(manifest);
    assertThatThrownBy(this::pull)
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage(
            "%s/team/x:1 is not pulled: no signature of %s by key %s, which the rule for %s (%s,"
                    .formatted(
                        registry.host(),
                        digest,
                        folder.resolve("cosign.pub"),
                        registry.host(),
                        folder.resolve("policy.json"))
                + " line 1) wants: there is none at all (looked at the referrers of %s and the tag sha256-%s.sig);"
                    .formatted(digest, digest.hex())
                + " sign %s/team/x@%s (cosign sign) or change the rule for %s (%s, line 1)"
                    .formatted(
                        registry.host(), digest, registry.host(), folder.resolve("policy.json")));
    assertThat(registry.asked).noneMatch(p -> p.contains("/blobs/"));
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
    store.collect();
    assertThat(store.blobDigests()).isEmpty();
  }

  @Test
  void signaturesOfOthersAndForOthersAreRefused() throws IOException, GeneralSecurityException {
    policy("require");
    sign(Digest.of(manifest), pair(), Digest.of(manifest));
    assertThatThrownBy(this::pull)
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining(": not made by key " + folder.resolve("cosign.pub"));
    sign(Digest.of(config), key, Digest.of(manifest));
    assertThatThrownBy(this::pull)
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining(": it is for another image: " + Digest.of(config));
    assertThat(layersAsked()).isEmpty();
  }

  @Test
  void whatIsHereAlreadyIsJudgedAgain() throws IOException {
    pull();
    policy("require");
    assertThatThrownBy(this::pull).isInstanceOf(Fault.Forbidden.class);
    policy("warn");
    pull();
    assertThat(layersAsked()).hasSize(1);
  }

  @Test
  void aWarningIsAWordAndNoMore() throws IOException, GeneralSecurityException {
    policy("warn");
    pull();
    assertThat(store.said)
        .filteredOn(s -> s.startsWith("Warning: "))
        .singleElement()
        .asString()
        .contains("/team/x:1: no signature of " + Digest.of(manifest));
    store.said.clear();
    sign(Digest.of(manifest), key, Digest.of(manifest));
    pull();
    assertThat(store.said).noneMatch(s -> s.startsWith("Warning: "));
  }

  @Test
  void whereSignaturesAreIgnoredNobodyAsksForThem() throws IOException {
    policy("ignore");
    pull();
    assertThat(registry.asked).noneMatch(p -> p.contains("referrers") || p.endsWith(".sig"));
  }

  @Test
  void aRegistryThatLiesAboutASignatureIsNoWayRound() throws IOException, GeneralSecurityException {
    sign(Digest.of(manifest), key, Digest.of(manifest));
    for (Digest blob : new ArrayList<>(registry.blobs.keySet())) {
      if (!blob.equals(Digest.of(config)) && !blob.equals(Digest.of(layer))) {
        registry.blobs.put(blob, new byte[] {1, 2, 3});
      }
    }
    policy("require");
    assertThatThrownBy(this::pull)
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("requires a signature, and that cannot be checked: the signature of");
    policy("warn");
    pull();
    assertThat(store.said).anyMatch(s -> s.contains("its signatures cannot be checked: the"));
  }

  @Test
  void signaturesAreBoundedInSizeAndNumber() throws IOException {
    policy("require");
    String tag = "sha256-" + Digest.of(manifest).hex() + ".sig";
    String type = "application/vnd.dev.cosign.simplesigning.v1+json";
    put(tag, Descriptor.of(type, Digest.of(config), 2 << 20));
    assertThatThrownBy(this::pull).hasMessageContaining("more than the 1048576 allowed");

    Descriptor small = descriptor(type, config);
    registry.put(
        tag,
        Json.write(
            Manifest.oci(
                descriptor(MediaType.OCI_CONFIG, config),
                java.util.Collections.nCopies(51, small))));
    assertThatThrownBy(this::pull).hasMessageContaining("has more than 50 signatures");
    registry.put(tag, "{\"layers\": 3}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::pull).hasMessageContaining("invalid manifest of signatures");
  }

  @Test
  void ofAnIndexItsOwnSignatureCounts() throws IOException, GeneralSecurityException {
    byte[] index =
        Json.write(
            Index.oci(
                List.of(
                    descriptor(MediaType.OCI_MANIFEST, manifest).withPlatform(Platform.host()))));
    registry.types.put(Digest.of(index).toString(), MediaType.OCI_INDEX);
    registry.put("1", index);
    policy("require");
    sign(Digest.of(manifest), key, Digest.of(manifest));
    assertThatThrownBy(this::pull)
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessageContaining("no signature of " + Digest.of(index));
    sign(Digest.of(index), key, Digest.of(index));
    assertThat(pull().id()).isEqualTo(Digest.of(config));
  }

  @Test
  void aBundleThatRefersToTheImageIsFound() throws IOException, GeneralSecurityException {
    policy("require");
    byte[] statement =
        ("{\"subject\":[{\"digest\":{\"sha256\":\""
                + Digest.of(manifest).hex()
                + "\"}}],\"predicateType\":\"https://sigstore.dev/cosign/sign/v1\"}")
            .getBytes(StandardCharsets.UTF_8);
    String type = "application/vnd.in-toto+json";
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key.getPrivate());
    signer.update(
        ("DSSEv1 " + type.length() + " " + type + " " + statement.length + " ")
            .getBytes(StandardCharsets.UTF_8));
    signer.update(statement);
    byte[] bundle =
        ("{\"dsseEnvelope\":{\"payloadType\":\""
                + type
                + "\",\"payload\":\""
                + Base64.getEncoder().encodeToString(statement)
                + "\",\"signatures\":[{\"sig\":\""
                + Base64.getEncoder().encodeToString(signer.sign())
                + "\"}]}}")
            .getBytes(StandardCharsets.UTF_8);
    String bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    byte[] holder =
        Json.write(
            Manifest.oci(
                descriptor("application/vnd.oci.empty.v1+json", config),
                List.of(descriptor(bundleType, bundle))));
    byte[] referrers =
        ("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\""
                + MediaType.OCI_MANIFEST
                + "\",\"digest\":\""
                + Digest.of(holder)
                + "\",\"size\":"
                + holder.length
                + ",\"artifactType\":\"application/vnd.oci.empty.v1+json\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    registry.put("holder", holder, bundle);
    registry.types.put(Digest.of(referrers).toString(), MediaType.OCI_INDEX);
    registry.put("sha256-" + Digest.of(manifest).hex(), referrers);
    assertThat(pull().id()).isEqualTo(Digest.of(config));
  }
}
