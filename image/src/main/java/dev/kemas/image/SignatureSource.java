package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import dev.kemas.signature.Evidence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signatures that a registry has for a manifest: sigstore bundles that refer to it, then what
 * lies under cosign's tag. What is not there may still be at the registry where a mirror was asked.
 * Bounded in number, size and time; for one thread.
 */
final class SignatureSource {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
  private static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  private static final String SIGNATURES = "application/vnd.dev.cosign.artifact.sig.v1+json";

  /**
   * What the index under a tag calls an artifact of any type: clients put the type of its
   * configuration there, and that is empty.
   */
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";

  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  private static final String CERTIFICATE = "dev.sigstore.cosign/certificate";
  private static final String CHAIN = "dev.sigstore.cosign/chain";
  private static final String LOG_ENTRY = "dev.sigstore.cosign/bundle";

  /** More than anybody has reason to look at for one image. */
  private static final int MOST = 50;

  private static final int MOST_REFERRERS = 200;
  private static final long MOST_BYTES = 1 << 20;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final RegistryClient registries;
  private final Reference name;
  private final RegistryLogin login;
  private final List<Evidence> found = new ArrayList<>();
  private final long start = System.nanoTime();

  SignatureSource(RegistryClient registries, Reference name, RegistryLogin login) {
    this.registries = registries;
    this.name = name;
    this.login = login;
  }

  /** Where signatures of a manifest lie, for people. */
  static String places(Digest manifest) {
    return "the referrers of " + manifest + " and the tag " + tag(manifest);
  }

  private static String tag(Digest manifest) {
    return manifest.algorithm() + "-" + manifest.hex() + ".sig";
  }

  /**
   * All of them, as they lie there: nothing is verified but digests.
   *
   * @throws Fault.ResourceExhausted when there are more than can be looked at
   * @throws Fault.InvalidArgument when something is malformed or too large
   * @throws Fault.Unavailable when the registry does not answer, or only slowly
   */
  List<Evidence> of(Digest manifest) {
    Repository referring = registries.repository(name, login);
    List<Descriptor> referrers =
        referring.referrers(manifest, Optional.empty()).stream()
            .filter(r -> mayBeSignature(r.artifactType().orElse(EMPTY)))
            .toList();
    if (referrers.size() > MOST_REFERRERS) {
      throw tooMany(
          "more than " + MOST_REFERRERS + " artifacts that may be signatures of one image");
    }
    for (Descriptor referrer : referrers) {
      requireTime();
      read(referring, referring.manifest(name.withDigest(referrer.digest())));
    }
    // cosign's tag has 69 characters for sha256; that of a longer digest would be no tag
    if (manifest.algorithm().equals("sha256")) {
      Repository tagged = registries.repository(name, login);
      underTag(tagged, name.withTag(tag(manifest))).ifPresent(m -> read(tagged, m));
    }
    return List.copyOf(found);
  }

  private static boolean mayBeSignature(String type) {
    return type.startsWith(BUNDLE) || type.equals(SIGNATURES) || type.equals(EMPTY);
  }

  private static Optional<RemoteManifest> underTag(Repository repository, Reference tag) {
    try {
      return Optional.of(repository.manifest(tag));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private void read(Repository repository, RemoteManifest remote) {
    Manifest manifest = Json.read(remote.bytes(), Manifest.class, "manifest of signatures");
    String at = name.familiarName() + "@" + remote.descriptor().digest();
    for (Descriptor layer : manifest.layers()) {
      String type = String.valueOf(layer.mediaType());
      if (type.startsWith(BUNDLE)) {
        add(new Evidence.Bundle(at, blob(repository, layer)));
      } else if (type.equals(SIMPLE_SIGNING)) {
        add(simple(at, layer, blob(repository, layer)));
      }
    }
  }

  private void add(Evidence evidence) {
    found.add(evidence);
    if (found.size() > MOST) {
      throw tooMany("more than " + MOST + " signatures for one image");
    }
  }

  private Fault tooMany(String what) {
    return new Fault.ResourceExhausted(
        name.familiarName() + " has " + what + ": remove those that are of no use");
  }

  private void requireTime() {
    if (System.nanoTime() - start > LONGEST.toNanos()) {
      throw new Fault.Unavailable(
          "registry "
              + name.domain()
              + " took more than "
              + LONGEST.toSeconds()
              + " s to send signatures");
    }
  }

  private byte[] blob(Repository repository, Descriptor layer) {
    requireTime();
    if (layer.size() > MOST_BYTES) {
      throw new Fault.InvalidArgument(
          "signature "
              + layer.digest()
              + " has "
              + layer.size()
              + " bytes, more than the "
              + MOST_BYTES
              + " allowed");
    }
    return RemoteImages.document(repository, layer, name, "signature");
  }

  private static Evidence simple(String at, Descriptor layer, byte[] payload) {
    Map<String, String> notes = layer.annotations();
    return new Evidence.SimpleSigning(
        at,
        payload,
        signature(notes.getOrDefault(SIGNATURE, "")),
        Optional.ofNullable(notes.get(CERTIFICATE)),
        Optional.ofNullable(notes.get(CHAIN)),
        Optional.ofNullable(notes.get(LOG_ENTRY)));
  }

  private static byte[] signature(String base64) {
    try {
      return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      return new byte[0]; // it is nobody's, and is refused as such
    }
  }
}
