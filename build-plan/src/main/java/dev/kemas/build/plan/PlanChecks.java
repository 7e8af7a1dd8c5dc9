package dev.kemas.build.plan;

import dev.kemas.dockerfile.CheckInputs;
import dev.kemas.dockerfile.Checks;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.dockerfile.Outline;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import dev.kemas.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Build checks with what a build knows: its arguments, its contexts, its base images. */
public final class PlanChecks {
  private final PlanRequest request;

  /** Checks for builds that ask for this. */
  public PlanChecks(PlanRequest request) {
    this.request = request;
  }

  /**
   * Answers {@code docker build --check}: findings, and what keeps the file from being built. No
   * fault leaves it that the Dockerfile is the cause of. Without a target all stages are looked at.
   *
   * @param name how the file is called
   * @param bases the images that are at hand; of others nothing is assumed
   */
  public LintResult check(String name, String text, Function<BaseRequest, Optional<Image>> bases) {
    List<Lint> findings = List.of();
    Optional<Fault> failure = Optional.empty();
    try {
      Dockerfile file = Dockerfile.parse(name, text);
      Map<BaseRequest, Image> known = new HashMap<>();
      Planner planner =
          new Planner(
              file,
              request,
              wanted -> {
                Optional<Image> found = bases.apply(wanted);
                found.ifPresent(image -> known.put(wanted, image));
                return found.orElseGet(() -> unknown(wanted));
              });
      try {
        planner.look();
      } catch (Fault.InvalidArgument | Fault.Unsupported | Fault.NotFound | Fault.Forbidden e) {
        failure = Optional.of(e);
      }
      CheckInputs inputs = inputs(file, request.target(), known);
      findings = Checks.findings(file, inputs);
      if (failure.isEmpty()) {
        Checks.enforce(file, inputs, findings);
      }
    } catch (Fault.InvalidArgument e) {
      failure = failure.isPresent() ? failure : Optional.of(e);
    }
    return LintResult.of(name, text, findings, failure);
  }

  /**
   * Answers {@code docker build --call=outline}.
   *
   * @throws Fault.InvalidArgument when something in the Dockerfile is wrong, naming the line
   */
  public Outline outline(Dockerfile file) {
    return Checks.outline(file, inputs(file, request.target(), Map.of()));
  }

  /**
   * What a build warns of: only the stages that it needs are looked at.
   *
   * @throws Fault.InvalidArgument when a finding is to fail the build
   */
  List<Lint> enforced(Dockerfile file, String target, Map<BaseRequest, Image> known) {
    CheckInputs inputs = inputs(file, target, known);
    List<Lint> findings = Checks.findings(file, inputs);
    Checks.enforce(file, inputs, findings);
    return findings;
  }

  private CheckInputs inputs(Dockerfile file, String target, Map<BaseRequest, Image> known) {
    NamedContexts contexts = new NamedContexts(request.contexts());
    return new CheckInputs(
        request.buildArguments(),
        target,
        Arguments.automatic(request.platform(), Planner.targetName(file, request)),
        request.ignore(),
        request.contexts().keySet(),
        (name, platform) -> {
          Platform wanted = platform.isEmpty() ? request.platform() : Platform.parse(platform);
          String image = contexts.find(name).map(contexts::image).orElse(name);
          return Optional.ofNullable(known.get(new BaseRequest(image, wanted)))
              .map(found -> base(found, wanted));
        });
  }

  /**
   * Stands in for an image that is not at hand: it sets nothing.
   *
   * @throws Fault.InvalidArgument when no image can have such a name
   */
  private static Image unknown(BaseRequest wanted) {
    Reference.parse(wanted.name());
    Platform platform = wanted.platform();
    ImageConfig config =
        Json.read(
            Json.text(
                Map.of(
                    "os",
                    platform.os(),
                    "architecture",
                    platform.architecture(),
                    "rootfs",
                    Map.of("type", "layers", "diff_ids", List.of()))),
            ImageConfig.class,
            "configuration");
    Digest id = Digest.of(platform.toString().getBytes(StandardCharsets.UTF_8));
    return new Image(
        id,
        config,
        List.of(),
        Descriptor.of(MediaType.OCI_MANIFEST, id, 0),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH,
        Optional.empty());
  }

  private static CheckInputs.Base base(Image image, Platform wanted) {
    ImageConfig config = image.config();
    ProcessDefaults defaults = config.defaults();
    return new CheckInputs.Base(
        defaults.env(),
        defaults.shell(),
        defaults.onBuild(),
        config.os() + "/" + config.architecture(),
        wanted.toString());
  }
}
