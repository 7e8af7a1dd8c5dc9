package dev.kemas.buildkit;

import dev.kemas.build.BuildResult;
import dev.kemas.build.Built;
import dev.kemas.build.ImageReport;
import dev.kemas.build.attest.BuildAttestor;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.buildkit.wire.Rpc;
import dev.kemas.image.Attestation;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds as the records that BuildKit's clients read. */
final class HistoryRecords {
  /** Of the JSON that says why each step ran. */
  static final String EXPLANATION = "application/vnd.kemas.build.explanation+json";

  private static final String STATUS = "application/vnd.googeapis.google.rpc.status+proto";
  private static final String IN_TOTO = "application/vnd.in-toto+json";
  private static final String PREDICATE = "in-toto.io/predicate-type";

  private HistoryRecords() {}

  /** A build as it is now, without what is written only of one that is over. */
  static Control.BuildHistoryRecord of(Solve solve) {
    return builder(solve).build();
  }

  private static Control.BuildHistoryRecord.Builder builder(Solve solve) {
    Control.SolveRequest request = solve.request();
    Vertices.Counts counts = solve.counts();
    Control.BuildHistoryRecord.Builder record =
        Control.BuildHistoryRecord.newBuilder()
            .setRef(solve.ref())
            .setFrontend(request.getFrontend().isEmpty() ? "dockerfile.v0" : request.getFrontend())
            .putAllFrontendAttrs(attributes(solve))
            .putAllExporterResponse(solve.response())
            .setCreatedAt(Times.of(solve.created()))
            .setNumTotalSteps(counts.total())
            .setNumCompletedSteps(counts.completed())
            .setNumCachedSteps(counts.cached())
            .setNumWarnings(counts.warnings());
    request
        .getExportersList()
        .forEach(exporter ->
            record.addExporters(
                Control.Exporter.newBuilder()
                    .setType(exporter.getType())
                    .putAllAttrs(Redaction.of(exporter.getAttrsMap()))));
    solve.completed().ifPresent(time -> record.setCompletedAt(Times.of(time)));
    solve
        .error()
        .ifPresent(error ->
            record.setError(
                Rpc.Status.newBuilder().setCode(error.getCode()).setMessage(error.getMessage())));
    return record;
  }

  private static Map<String, String> attributes(Solve solve) {
    return Redaction.of(solve.request().getFrontendAttrsMap());
  }

  /**
   * A build that is over, with all that its record names.
   *
   * @param blobs gets that, by digest
   */
  static Control.BuildHistoryRecord of(Solve solve, Map<Digest, byte[]> blobs) {
    Control.BuildHistoryRecord.Builder record = builder(solve);
    record.setLogs(put(blobs, StatusLog.TYPE, StatusLog.write(solve.feed().told())));
    solve
        .error()
        .ifPresent(error -> record.setExternalError(put(blobs, STATUS, error.toByteArray())));
    Control.BuildResultInfo.Builder whole = Control.BuildResultInfo.newBuilder();
    List<Map<String, Object>> reasons = new ArrayList<>();
    for (Job job : solve.jobs()) {
      reasons.addAll(job.explanations());
      job.last().ifPresent(result -> results(solve, result, record, whole, blobs));
    }
    if (!reasons.isEmpty()) {
      whole.addAttestations(put(blobs, EXPLANATION, Json.write(Map.of("explained", reasons))));
    }
    String told = solve.response().getOrDefault(ImageReport.DESCRIPTOR, "");
    if (!told.isEmpty()) {
      Descriptor image =
          Json.read(Base64.getDecoder().decode(told), Descriptor.class, "image's descriptor");
      whole.putResults(
          0, descriptor(image.mediaType(), image.digest(), image.size(), image.annotations()));
    }
    if (whole.getAttestationsCount() + whole.getResultsCount() > 0) {
      record.setResult(whole);
    }
    return record.build();
  }

  private static void results(
      Solve solve,
      BuildResult result,
      Control.BuildHistoryRecord.Builder record,
      Control.BuildResultInfo.Builder whole,
      Map<Digest, byte[]> blobs) {
    BuildAttestor.Run run =
        new BuildAttestor.Run(
            solve.ref(),
            record.getFrontend(),
            new TreeMap<>(new Attributes(attributes(solve)).below("vcs:")));
    for (Built built : result.results()) {
      Attestation said = BuildAttestor.predicate(run, built, result.origin());
      Digest digest = Digest.of(said.statement());
      blobs.put(digest, said.statement());
      Control.Descriptor descriptor =
          descriptor(
              IN_TOTO, digest, said.statement().length, Map.of(PREDICATE, said.predicateType()));
      if (result.results().size() == 1) {
        whole.addAttestations(descriptor);
      } else {
        Map<String, Control.BuildResultInfo> known = new HashMap<>(record.getResultsMap());
        String platform = built.platform().toString();
        record.putResults(
            platform,
            known.getOrDefault(platform, Control.BuildResultInfo.getDefaultInstance()).toBuilder()
                .addAttestations(descriptor)
                .build());
      }
    }
  }

  private static Control.Descriptor put(Map<Digest, byte[]> blobs, String type, byte[] content) {
    Digest digest = Digest.of(content);
    blobs.put(digest, content);
    return descriptor(type, digest, content.length, Map.of());
  }

  private static Control.Descriptor descriptor(
      String type, Digest digest, long size, Map<String, String> annotations) {
    return Control.Descriptor.newBuilder()
        .setMediaType(type)
        .setDigest(digest.toString())
        .setSize(size)
        .putAllAnnotations(annotations)
        .build();
  }
}
