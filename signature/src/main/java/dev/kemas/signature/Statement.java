package dev.kemas.signature;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What somebody signed, in the form that it was signed in.
 *
 * @param signed the bytes below the signatures
 * @param signatures any of which may be the one
 * @param digests of the manifests that it is about
 * @param name of the image, as the signer knew it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never a key
record Statement(
    byte[] signed, List<byte[]> signatures, List<String> digests, Optional<String> name) {
  /** What cosign's payloads call themselves (cosign's SIGNATURE_SPEC.md). */
  private static final String SIMPLE_SIGNING = "cosign container image signature";

  private static final String IN_TOTO = "application/vnd.in-toto+json";

  /** The one predicate that says no more than "this is mine": others say what happened to it. */
  static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";

  /**
   * Reads it.
   *
   * @throws Fault.InvalidArgument when it is not of the form that it says
   */
  static Statement of(Evidence evidence) {
    return switch (evidence) {
      case Evidence.SimpleSigning simple -> of(simple);
      case Evidence.Bundle bundle -> of(bundle);
    };
  }

  private static Statement of(Evidence.SimpleSigning simple) {
    JsonNode critical =
        Json.read(simple.payload(), JsonNode.class, "payload of the signature").path("critical");
    if (!critical.path("type").asText("").equals(SIMPLE_SIGNING)) {
      throw new Fault.InvalidArgument(
          "its payload is of the type \"" + critical.path("type").asText("") + "\"");
    }
    String name = critical.path("identity").path("docker-reference").asText("");
    return new Statement(
        simple.payload(),
        List.of(simple.signature()),
        List.of(critical.path("image").path("docker-manifest-digest").asText("")),
        name.isEmpty() ? Optional.empty() : Optional.of(name));
  }

  private static Statement of(Evidence.Bundle bundle) {
    JsonNode envelope =
        Json.read(bundle.json(), JsonNode.class, "sigstore bundle").path("dsseEnvelope");
    String type = envelope.path("payloadType").asText("");
    if (!type.equals(IN_TOTO)) {
      throw new Fault.InvalidArgument(
          envelope.isMissingNode()
              ? "it has no statement about an image"
              : "its payload is of the type \"" + type + "\"");
    }
    byte[] payload = base64(envelope.path("payload").asText(""));
    JsonNode statement = Json.read(payload, JsonNode.class, "statement of the signature");
    String predicate = statement.path("predicateType").asText("");
    if (!predicate.equals(SIGNED)) {
      throw new Fault.InvalidArgument("it is no signature but an attestation of " + predicate);
    }
    List<String> digests = new ArrayList<>();
    for (JsonNode subject : statement.path("subject")) {
      subject
          .path("digest")
          .properties()
          .forEach(d -> digests.add(d.getKey() + ":" + d.getValue().asText("")));
    }
    List<byte[]> signatures = new ArrayList<>();
    for (JsonNode signature : envelope.path("signatures")) {
      signatures.add(base64(signature.path("sig").asText("")));
    }
    return new Statement(encoded(type, payload), signatures, digests, Optional.empty());
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("it is damaged: " + e.getMessage(), e);
    }
  }

  /** What is signed of an envelope (DSSE protocol, "PAE"). */
  private static byte[] encoded(String type, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = type.getBytes(StandardCharsets.UTF_8).length;
    String head = "DSSEv1 " + length + " " + type + " " + payload.length + " ";
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** Why it does not speak of this image; empty if it does. */
  Optional<String> wrong(Reference wanted, Digest manifest, boolean sameName) {
    if (!digests.contains(manifest.toString())) {
      return Optional.of("it is for another image: " + String.join(", ", digests));
    }
    if (sameName && !name.map(Statement::repository).equals(Optional.of(wanted.name()))) {
      return Optional.of(
          name.map(n -> "it was made for the name " + n)
              .orElse("it names no repository, which \"same-name\" wants"));
    }
    return Optional.empty();
  }

  private static String repository(String text) {
    try {
      return Reference.parse(text).name();
    } catch (Fault.InvalidArgument e) {
      return ""; // no name of any image
    }
  }
}
