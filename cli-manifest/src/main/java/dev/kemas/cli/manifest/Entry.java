package dev.kemas.cli.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.Base64;
import java.util.Optional;

/**
 * An image of a list, as Docker's command keeps and shows it.
 *
 * @param ref its name
 * @param descriptor of its manifest, with the platform it is for
 * @param raw the manifest to the byte, in base64
 * @param docker the manifest as a tree where it is one of Docker's schema 2
 * @param oci the manifest as a tree where it is an OCI one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Entry(
    @JsonProperty("Ref") String ref,
    @JsonProperty("Descriptor") Descriptor descriptor,
    @JsonProperty("Raw") String raw,
    @JsonProperty("SchemaV2Manifest") Optional<JsonNode> docker,
    @JsonProperty("OCIManifest") Optional<JsonNode> oci) {

  Entry {
    // an absent tree is read as a null in JSON
    docker = docker.filter(tree -> !tree.isNull());
    oci = oci.filter(tree -> !tree.isNull());
  }

  static Entry of(Reference name, Descriptor descriptor, byte[] raw) {
    Optional<JsonNode> tree = Optional.of(Json.read(raw, JsonNode.class, "image manifest"));
    boolean isDocker = descriptor.mediaType().equals(MediaType.DOCKER_MANIFEST);
    return new Entry(
        name.familiar(),
        descriptor,
        Base64.getEncoder().encodeToString(raw),
        isDocker ? tree : Optional.empty(),
        isDocker ? Optional.empty() : tree);
  }

  @JsonIgnore
  Reference name() {
    return Reference.parse(ref);
  }

  @JsonIgnore
  byte[] bytes() {
    return Base64.getDecoder().decode(raw);
  }

  @JsonIgnore
  Manifest manifest() {
    return Json.read(bytes(), Manifest.class, "image manifest");
  }

  Entry withPlatform(Platform platform) {
    return new Entry(ref, descriptor.withPlatform(platform), raw, docker, oci);
  }
}
