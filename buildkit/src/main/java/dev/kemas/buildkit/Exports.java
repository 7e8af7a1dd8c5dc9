package dev.kemas.buildkit;

import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.build.Export;
import dev.kemas.build.attest.AttestationOptions;
import dev.kemas.build.attest.BuildAttestor;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request's exporters as places for the builder's results. */
final class Exports {
  private Exports() {}

  /**
   * The places.
   *
   * @throws Fault.Unsupported for one that is not known
   */
  static List<Export> of(Control.SolveRequest request, ClientSession session) {
    Attestor attestor = attestor(request);
    List<Export> exports = new ArrayList<>();
    for (int i = 0; i < request.getExportersCount(); i++) {
      Control.Exporter exporter = request.getExporters(i);
      exports.addAll(session.exports(exporter.getType(), exporter.getAttrsMap(), i, attestor));
    }
    return exports;
  }

  /**
   * The time that no file is to be younger than, where exporters say it.
   *
   * @throws Fault.InvalidArgument when they say several
   */
  static Optional<Instant> epoch(Control.SolveRequest request) {
    Optional<Instant> epoch = Optional.empty();
    for (Control.Exporter exporter : request.getExportersList()) {
      Optional<Instant> one =
          new Attributes(exporter.getAttrsMap())
              .number("source-date-epoch")
              .map(Instant::ofEpochSecond);
      if (one.isPresent() && epoch.isPresent() && !one.equals(epoch)) {
        throw new Fault.InvalidArgument(
            "the exporters' values of source-date-epoch differ: one build has one time");
      }
      epoch = one.isPresent() ? one : epoch;
    }
    return epoch;
  }

  private static boolean isImage(String type) {
    return type.equals("moby") || type.equals("image");
  }

  private static Attestor attestor(Control.SolveRequest request) {
    Attributes asked = new Attributes(request.getFrontendAttrsMap());
    AttestationOptions wanted = AttestationOptions.parse(asked.values());
    if (wanted.isEmpty()) {
      return Attestor.NONE;
    }
    BuildAttestor.Run run =
        new BuildAttestor.Run(
            request.getRef(), request.getFrontend(), new TreeMap<>(asked.below("vcs:")));
    return new BuildAttestor(wanted, run);
  }

  /**
   * The caches of other machines.
   *
   * @throws Fault.Unsupported for a place where no cache can be left
   */
  static BuildRequest.Caches caches(Control.SolveRequest request, ClientSession session) {
    return session.caches(
        entries(request.getCache().getImportsList()), entries(request.getCache().getExportsList()));
  }

  private static List<Map<String, String>> entries(List<Control.CacheOptionsEntry> said) {
    List<Map<String, String>> entries = new ArrayList<>();
    for (Control.CacheOptionsEntry entry : said) {
      Map<String, String> attributes = new TreeMap<>(entry.getAttrsMap());
      attributes.put("type", entry.getType());
      entries.add(attributes);
    }
    return entries;
  }

  /** What the client is told of the exports. */
  static Map<String, String> told(Control.SolveRequest request, BuildResult result) {
    Map<String, String> told = new TreeMap<>(result.told());
    for (Control.Exporter exporter : request.getExportersList()) {
      String names = exporter.getAttrsOrDefault("name", "");
      if (isImage(exporter.getType()) && !names.isEmpty()) {
        told.put(
            "image.name",
            String.join(
                ",",
                new Attributes(exporter.getAttrsMap())
                    .list("name").stream()
                        .map(name -> Reference.parse(name).withDefaultTag().toString())
                        .toList()));
      }
    }
    return told;
  }
}
