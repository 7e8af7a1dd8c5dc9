package dev.kemas.signature.sigstore;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.signature.sigstore.PrivateSigstore.Wanted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes what the end-to-end tests put into a registry: an image signed by {@code me@example.com},
 * once under cosign's tag and once as a bundle, and the trust root. Nothing of it expires: what
 * counts is the time at which the log took the signature.
 *
 * <p>{@code java ... SignedImage conformance/src/test/resources/signed-by-identity}
 */
final class SignedImage {
  private static final Instant AT = PrivateSigstore.NOW.plus(Duration.ofMinutes(1));
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private final PrivateSigstore sigstore = new PrivateSigstore();
  private final KeyPair key = PrivateSigstore.pair();
  private final X509Certificate certificate =
      sigstore.certify(key.getPublic(), Wanted.mail("me@example.com"));
  private final Path folder;

  private SignedImage(Path folder) throws GeneralSecurityException, IOException {
    this.folder = folder;
  }

  public static void main(String[] args) throws GeneralSecurityException, IOException {
    new SignedImage(Path.of(args[0])).write();
  }

  private void write() throws GeneralSecurityException, IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("trusted_root.json"), sigstore.trustRoot());
    Digest image = image("tag");
    underTag(image);
    asBundle(image("bundle"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Descriptor blob(String repository, String type, byte[] content) throws IOException {
    Path blobs = Files.createDirectories(folder.resolve(repository).resolve("blobs"));
    Files.write(blobs.resolve(Digest.of(content).hex()), content);
    return Descriptor.of(type, Digest.of(content), content.length);
  }

  private Digest manifest(String repository, String name, byte[] content) throws IOException {
    Path manifests = Files.createDirectories(folder.resolve(repository).resolve("manifests"));
    Files.write(manifests.resolve(name), content);
    return Digest.of(content);
  }

  /** An image of one empty layer. */
  private Digest image(String repository) throws IOException {
    byte[] layer = new byte[1024];
    byte[] config =
        bytes(
            "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\","
                + "\"diff_ids\":[\""
                + Digest.of(layer)
                + "\"]}}");
    return manifest(
        repository,
        "1",
        Json.write(
            Manifest.oci(
                blob(repository, MediaType.OCI_CONFIG, config),
                List.of(blob(repository, MediaType.OCI_LAYER, layer)))));
  }

  private void underTag(Digest image) throws GeneralSecurityException, IOException {
    byte[] payload =
        bytes(
            "{\"critical\":{\"identity\":{\"docker-reference\":\"reg.test/x\"},\"image\":"
                + "{\"docker-manifest-digest\":\""
                + image
                + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}");
    byte[] signature = PrivateSigstore.sign(key, payload);
    Descriptor layer =
        blob("tag", "application/vnd.dev.cosign.simplesigning.v1+json", payload)
            .withAnnotation("dev.cosignproject.cosign/signature", PrivateSigstore.base64(signature))
            .withAnnotation("dev.sigstore.cosign/certificate", PrivateSigstore.pem(certificate))
            .withAnnotation(
                "dev.sigstore.cosign/bundle", sigstore.entry(payload, signature, certificate, AT));
    Descriptor config = blob("tag", MediaType.OCI_CONFIG, bytes("{}"));
    manifest(
        "tag", "sha256-" + image.hex() + ".sig", Json.write(Manifest.oci(config, List.of(layer))));
  }

  private void asBundle(Digest image) throws GeneralSecurityException, IOException {
    String statement =
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\""
            + image.hex()
            + "\"}}],\"predicateType\":\"https://sigstore.dev/cosign/sign/v1\"}";
    byte[] bundle = bytes(sigstore.bundle(key, certificate, statement, AT));
    byte[] holder =
        Json.write(
            Manifest.oci(
                blob("bundle", "application/vnd.oci.empty.v1+json", bytes("{}")),
                List.of(blob("bundle", BUNDLE, bundle))));
    Descriptor referrer =
        Descriptor.of(
            MediaType.OCI_MANIFEST,
            manifest("bundle", Digest.of(holder).toString(), holder),
            holder.length);
    manifest(
        "bundle",
        "sha256-" + image.hex(),
        Json.write(
            Index.oci(
                List.of(
                    new Descriptor(
                        referrer.mediaType(),
                        referrer.digest(),
                        referrer.size(),
                        Optional.empty(),
                        java.util.Map.of(),
                        List.of(),
                        Optional.of(BUNDLE))))));
  }
}
