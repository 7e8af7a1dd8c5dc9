package dev.kemas.registry.server.repository;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a registry must know of a manifest or an index (image-spec, manifest.md and image-index.md;
 * Docker's schema 2). Read from the tree: the bytes stay what they are, unknown fields included.
 *
 * @param mediaType of the whole
 * @param blobs which the repository must have
 * @param manifests which the repository must have
 * @param subject what this is said about
 * @param referrer how a list of referrers shows it; its digest is of these bytes
 */
record ManifestBody(
    String mediaType,
    List<Digest> blobs,
    List<Digest> manifests,
    Optional<Digest> subject,
    Descriptor referrer) {
  private static final String FOREIGN = "foreign";
  private static final String NON_DISTRIBUTABLE = "nondistributable";

  /**
   * Reads one.
   *
   * @param contentType as the client said it; empty when it did not
   * @throws Refusal {@code MANIFEST_INVALID} with the field that is wrong
   */
  static ManifestBody parse(String contentType, byte[] bytes, Digest digest) {
    JsonNode tree = tree(bytes);
    String type = type(contentType, tree);
    if (tree.path("schemaVersion").asInt() != 2) {
      throw invalid(
          "schemaVersion is not 2: older manifests are not supported, push again with a"
              + " newer client");
    }
    List<Digest> blobs = new ArrayList<>();
    List<Digest> manifests = new ArrayList<>();
    if (MediaType.isIndex(type)) {
      for (JsonNode entry : array(tree, "manifests")) {
        Digest child = digest(entry, "manifests");
        String childType = entry.path("mediaType").asText();
        if (MediaType.isIndex(childType) || MediaType.isManifest(childType)) {
          manifests.add(child);
        } else {
          blobs.add(child);
        }
      }
    } else {
      if (!tree.path("config").isObject()) {
        throw invalid("there is no config");
      }
      blobs.add(digest(tree.path("config"), "config"));
      for (JsonNode layer : array(tree, "layers")) {
        Digest blob = digest(layer, "layers");
        if (!isElsewhere(layer)) {
          blobs.add(blob);
        }
      }
    }
    JsonNode subject = tree.path("subject");
    return new ManifestBody(
        type,
        blobs,
        manifests,
        subject.isObject() ? Optional.of(digest(subject, "subject")) : Optional.empty(),
        referrer(tree, type, bytes.length, digest));
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      JsonNode tree = Json.mapper().readTree(bytes);
      if (tree == null || !tree.isObject()) {
        throw invalid("it is no JSON object");
      }
      return tree;
    } catch (JacksonException e) {
      throw invalid(e.getOriginalMessage());
    } catch (IOException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static String type(String contentType, JsonNode tree) {
    String inside = tree.path("mediaType").asText("");
    String type = contentType.isEmpty() ? inside : contentType;
    if (type.isEmpty()) {
      type = tree.has("manifests") ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
    }
    if (!inside.isEmpty() && !inside.equals(type)) {
      throw invalid(
          "its mediaType is " + inside + ", but it was sent with the Content-Type " + type);
    }
    if (!MediaType.isIndex(type) && !MediaType.isManifest(type)) {
      throw invalid("the media type " + type + " is not that of a manifest or an index");
    }
    return type;
  }

  private static JsonNode array(JsonNode tree, String field) {
    JsonNode array = tree.path(field);
    // an artifact may have no layers, an index no manifests
    if (!array.isArray() && !array.isMissingNode() && !array.isNull()) {
      throw invalid(field + " is no list");
    }
    return array;
  }

  private static Digest digest(JsonNode descriptor, String field) {
    try {
      return Digest.parse(descriptor.path("digest").asText(""));
    } catch (Fault.InvalidArgument e) {
      throw invalid(field + ": " + e.getMessage());
    }
  }

  /** Whether a layer lies where its URLs say, or may not be distributed. */
  private static boolean isElsewhere(JsonNode layer) {
    String type = layer.path("mediaType").asText();
    return !layer.path("urls").isEmpty()
        || type.contains(FOREIGN)
        || type.contains(NON_DISTRIBUTABLE);
  }

  private static Descriptor referrer(JsonNode tree, String type, long size, Digest digest) {
    // distribution-spec, "Listing Referrers": the config stands in for a missing artifactType
    String own = tree.path("artifactType").asText("");
    String artifactType = own.isEmpty() ? tree.path("config").path("mediaType").asText("") : own;
    Map<String, String> annotations = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : tree.path("annotations").properties()) {
      annotations.put(entry.getKey(), entry.getValue().asText());
    }
    return new Descriptor(
        type,
        digest,
        size,
        Optional.empty(),
        annotations,
        List.of(),
        artifactType.isEmpty() ? Optional.empty() : Optional.of(artifactType));
  }

  private static Refusal invalid(String why) {
    return new Refusal(ErrorCode.MANIFEST_INVALID, "manifest invalid: " + why);
  }
}
