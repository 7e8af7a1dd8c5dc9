package dev.kemas.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Json;

/** The predicate of SLSA provenance v1 (slsa.dev/spec/v1.0/provenance, "Schema"). */
final class Slsa1 {
  private static final String BUILD_TYPE =
      "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";

  private Slsa1() {}

  static ObjectNode predicate(BuildRecord record, Options options) {
    Told told = new Told(record, options);
    ObjectNode predicate = Json.mapper().createObjectNode();
    ObjectNode definition = predicate.putObject("buildDefinition");
    definition.put("buildType", BUILD_TYPE);
    ObjectNode external = definition.putObject("externalParameters");
    ObjectNode source = external.putObject("configSource");
    if (!record.source().uri().isEmpty()) {
      source.put("uri", Told.withoutCredentials(record.source().uri()));
      ObjectNode digest = source.putObject("digest");
      record.source().digest().forEach(digest::put);
    }
    source.put("path", record.source().path());
    external.set("request", told.request());
    ObjectNode internal = definition.putObject("internalParameters");
    internal.put("builderPlatform", record.environment().toString());
    ObjectNode config = told.buildConfig();
    if (!config.isEmpty()) {
      internal.set("buildConfig", config);
    }
    definition.set("resolvedDependencies", told.materials());
    ObjectNode details = predicate.putObject("runDetails");
    details.putObject("builder").put("id", options.builderId());
    ObjectNode metadata = details.putObject("metadata");
    metadata.put("invocationId", record.invocationId());
    metadata.put("startedOn", Told.time(record.started()));
    metadata.put("finishedOn", Told.time(record.finished()));
    ObjectNode extension = told.extension();
    if (!extension.isEmpty()) {
      metadata.set("buildkit_metadata", extension);
    }
    metadata.put("buildkit_hermetic", record.completeness().hermetic());
    metadata
        .putObject("buildkit_completeness")
        .put("request", told.requestIsComplete())
        .put("resolvedDependencies", record.completeness().materials());
    metadata.put("buildkit_reproducible", options.reproducible());
    return predicate;
  }
}
