package dev.kemas.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.oci.Json;

/** The predicate of SLSA provenance v0.2 (slsa.dev/provenance/v0.2, "Schema"). */
final class Slsa02 {
  private static final String BUILD_TYPE = "https://mobyproject.org/buildkit@v1";

  private Slsa02() {}

  static ObjectNode predicate(BuildRecord record, Options options) {
    Told told = new Told(record, options);
    ObjectNode predicate = Json.mapper().createObjectNode();
    predicate.putObject("builder").put("id", options.builderId());
    predicate.put("buildType", BUILD_TYPE);
    predicate.set("materials", told.materials());
    ObjectNode invocation = predicate.putObject("invocation");
    ObjectNode source = invocation.putObject("configSource");
    if (!record.source().uri().isEmpty()) {
      source.put("uri", Told.withoutCredentials(record.source().uri()));
      ObjectNode digest = source.putObject("digest");
      record.source().digest().forEach(digest::put);
    }
    source.put("entryPoint", record.source().path());
    invocation.set("parameters", told.request());
    invocation.putObject("environment").put("platform", record.environment().toString());
    ObjectNode config = told.buildConfig();
    if (!config.isEmpty()) {
      predicate.set("buildConfig", config);
    }
    predicate.set("metadata", metadata(record, options, told));
    return predicate;
  }

  private static ObjectNode metadata(BuildRecord record, Options options, Told told) {
    ObjectNode metadata = Json.mapper().createObjectNode();
    metadata.put("buildInvocationID", record.invocationId());
    metadata.put("buildStartedOn", Told.time(record.started()));
    metadata.put("buildFinishedOn", Told.time(record.finished()));
    metadata
        .putObject("completeness")
        .put("parameters", told.requestIsComplete())
        .put("environment", true)
        .put("materials", record.completeness().materials());
    metadata.put("reproducible", options.reproducible());
    metadata.set(BUILD_TYPE + "#metadata", told.extension());
    if (record.completeness().hermetic()) {
      metadata.put(BUILD_TYPE + "#hermetic", true);
    }
    return metadata;
  }
}
