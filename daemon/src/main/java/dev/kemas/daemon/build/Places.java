package dev.kemas.daemon.build;

import dev.kemas.api.server.BuildBackend.More;
import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Export;
import dev.kemas.build.attest.AttestationOptions;
import dev.kemas.build.attest.BuildAttestor;
import dev.kemas.build.export.ExportOptions;
import dev.kemas.build.export.ImageExports;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Where the results of a classic build go.
 *
 * @param tags the names that places have that are given none
 */
record Places(ImageService images, List<Reference> tags, Lent lent, BuildRequest request) {

  /**
   * The request with its places.
   *
   * @throws Fault.InvalidArgument for a place or an option that there is not
   */
  BuildRequest of(More more) {
    Attestor attestor = attestor(more);
    List<Export> exports = new ArrayList<>();
    Optional<Instant> epoch = request.epoch();
    for (int i = 0; i < more.outputs().size(); i++) {
      Map<String, String> output = new TreeMap<>(more.outputs().get(i));
      String type = output.getOrDefault("type", "");
      if (!tags.isEmpty() && takesNames(type)) {
        output.putIfAbsent(
            "name", tags.stream().map(Reference::toString).collect(Collectors.joining(",")));
      }
      ExportOptions options = ExportOptions.parse(type, output);
      if (options.epoch().isPresent() && epoch.isPresent() && !options.epoch().equals(epoch)) {
        throw new Fault.InvalidArgument(
            "source-date-epoch of an output is not the time of the build: one build has one time");
      }
      epoch = epoch.or(options::epoch);
      exports.addAll(
          switch (options) {
            case ExportOptions.Image image ->
                ImageExports.of(image, attestor, images, request.access().logins());
            case ExportOptions.Nowhere _ -> List.of();
            case ExportOptions.Archive _, ExportOptions.Files _ ->
                lent.exports(type, output, i, attestor);
          });
    }
    if (more.outputs().isEmpty()) {
      ExportOptions.Image image = (ExportOptions.Image) ExportOptions.parse("image", named(tags));
      exports.addAll(ImageExports.of(image, attestor, images, request.access().logins()));
    }
    return request.withEpoch(epoch).withExports(exports);
  }

  private static boolean takesNames(String type) {
    return !type.equals("local") && !type.equals("tar") && !type.equals("cacheonly");
  }

  private static Map<String, String> named(List<Reference> tags) {
    return tags.isEmpty()
        ? Map.of()
        : Map.of("name", tags.stream().map(Reference::toString).collect(Collectors.joining(",")));
  }

  private static Attestor attestor(More more) {
    AttestationOptions attested = AttestationOptions.parse(more.attested());
    BuildAttestor.Run run =
        new BuildAttestor.Run(UUID.randomUUID().toString(), "dockerfile.v0", new TreeMap<>());
    return attested.isEmpty() ? Attestor.NONE : new BuildAttestor(attested, run);
  }
}
