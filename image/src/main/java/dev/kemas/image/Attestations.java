package dev.kemas.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.metadata.Lease;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Statements as manifests beside an image's, the way BuildKit attaches them (BuildKit, "Attestation
 * storage").
 */
final class Attestations {
  static final String TYPE = "vnd.docker.reference.type";
  static final String MANIFEST = "attestation-manifest";
  static final String SUBJECT = "vnd.docker.reference.digest";
  private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";
  private static final String IN_TOTO = "application/vnd.in-toto+json";
  private static final String UNKNOWN = "unknown";

  private final Images images;

  Attestations(Images images) {
    this.images = images;
  }

  /** Whether an entry of an index is of this kind. */
  static boolean isOne(Descriptor entry) {
    return MANIFEST.equals(entry.annotations().get(TYPE));
  }

  /** Stores statements about the manifest of that digest. */
  ImageIndex.Attested store(Lease lease, Digest subject, List<Attestation> statements) {
    List<Descriptor> layers = new ArrayList<>();
    for (Attestation one : statements) {
      layers.add(
          images
              .put(lease, IN_TOTO, one.statement())
              .withAnnotation(PREDICATE_TYPE, one.predicateType()));
    }
    Descriptor config = images.put(lease, MediaType.OCI_CONFIG, config(layers));
    Descriptor manifest =
        images
            .put(lease, MediaType.OCI_MANIFEST, Json.write(Manifest.oci(config, layers)))
            .withPlatform(Platform.of(UNKNOWN, UNKNOWN))
            .withAnnotation(TYPE, MANIFEST)
            .withAnnotation(SUBJECT, subject.toString());
    List<Descriptor> blobs = new ArrayList<>(List.of(config));
    blobs.addAll(layers);
    return new ImageIndex.Attested(subject, manifest, blobs);
  }

  private static byte[] config(List<Descriptor> layers) {
    ObjectNode config = Json.mapper().createObjectNode();
    config.put("architecture", UNKNOWN);
    config.put("os", UNKNOWN);
    config.putObject("config");
    ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    layers.forEach(layer -> diffIds.add(layer.digest().toString()));
    return Json.write(config);
  }

  /** The same statements about other manifests: images that were packed otherwise meanwhile. */
  ImageIndex.Attested about(Lease lease, ImageIndex.Attested old, Map<Digest, Digest> renamed) {
    Digest subject = renamed.getOrDefault(old.subject(), old.subject());
    List<Attestation> statements = new ArrayList<>();
    for (Descriptor layer : old.blobs().subList(1, old.blobs().size())) {
      String type = layer.annotations().getOrDefault(PREDICATE_TYPE, "");
      JsonNode statement =
          Json.read(images.document(layer.digest()), JsonNode.class, "statement " + layer.digest());
      for (JsonNode named : statement.path("subject")) {
        renamed.forEach((from, to) -> rename(named.path("digest"), from, to));
      }
      statements.add(new Attestation(type, Json.write(statement)));
    }
    return store(lease, subject, statements);
  }

  private static void rename(JsonNode digests, Digest from, Digest to) {
    if (digests instanceof ObjectNode object
        && from.hex().equals(object.path(from.algorithm()).textValue())) {
      object.put(to.algorithm(), to.hex());
    }
  }
}
