package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Ops;
import dev.kemas.buildkit.wire.Workers;
import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Map;

/**
 * What builds here, as its clients see it: one worker.
 *
 * @param id the same for as long as the engine's data is
 * @param version of the engine
 * @param labels what clients look for
 * @param platforms that RUN works for
 */
public record Worker(
    String id, String version, Map<String, String> labels, List<Platform> platforms) {
  public Worker {
    labels = Map.copyOf(labels);
    platforms = List.copyOf(platforms);
  }

  Workers.BuildkitVersion engine() {
    return Workers.BuildkitVersion.newBuilder().setPackage("dev.kemas").setVersion(version).build();
  }

  Workers.WorkerRecord record() {
    Workers.WorkerRecord.Builder worker =
        Workers.WorkerRecord.newBuilder()
            .setId(id)
            .putAllLabels(labels)
            .setBuildkitVersion(engine());
    for (Platform platform : platforms) {
      worker.addPlatforms(
          Ops.Platform.newBuilder()
              .setOs(platform.os())
              .setArchitecture(platform.architecture())
              .setVariant(platform.variant().orElse("")));
    }
    return worker.build();
  }
}
