package dev.kemas.build;

import dev.kemas.build.plan.PlanChecks;
import dev.kemas.dockerfile.CheckInputs;
import dev.kemas.dockerfile.Checks;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.dockerfile.Outline;
import dev.kemas.dockerfile.TargetList;
import dev.kemas.fault.Fault;
import dev.kemas.guard.BeforeBuild;
import dev.kemas.guard.Finding;
import dev.kemas.guard.Guards;
import dev.kemas.guard.NvidiaDriver;
import dev.kemas.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be asked of a Dockerfile in place of a build: {@code docker build --check} and {@code
 * --call}. Nothing is run, pulled or changed. Safe for several threads.
 */
public final class BuildQuestions {
  private final Bases bases;
  private final BuildRequest request;
  private final String name;

  BuildQuestions(Bases bases, BuildRequest request) {
    this.bases = bases;
    this.request = request;
    this.name = request.sources().dockerfile();
  }

  /**
   * What the build checks find, and what keeps the file from being built.
   *
   * @throws Fault.InvalidArgument when there is no Dockerfile, or its ignore file is malformed
   */
  public LintResult check() {
    String text = text();
    LintResult told =
        checks().check(name, text, wanted -> bases.here(wanted.name(), wanted.platform()));
    try {
      return withGuards(told, Dockerfile.parse(name, text));
    } catch (Fault.InvalidArgument mistake) {
      return told; // which tells of it
    }
  }

  /** With what the rules about the context and the host find. */
  private LintResult withGuards(LintResult told, Dockerfile dockerfile) {
    BuildRequest.Sources sources = request.sources();
    BeforeBuild build =
        new BeforeBuild(
            dockerfile,
            new CameContext(sources.context(), ignored().orElse(IgnoreFile.NONE)),
            request.goal().target(),
            request.goal().buildArguments(),
            sources.named().keySet(),
            Map.of(),
            NvidiaDriver.ofHost());
    CheckInputs inputs = BuildGuards.inputs(request);
    List<Lint> found =
        Guards.before(build, inputs.settings(dockerfile.directives())).findings().stream()
            .map(Finding::lint)
            .toList();
    LintResult ours =
        LintResult.of(name, dockerfile.text(), found, violation(dockerfile, inputs, found));
    List<LintResult.Warning> all = new ArrayList<>(told.warnings());
    all.addAll(ours.warnings());
    return new LintResult(all, told.sources(), told.error().or(ours::error));
  }

  private static Optional<Fault> violation(
      Dockerfile dockerfile, CheckInputs inputs, List<Lint> found) {
    try {
      Checks.enforce(dockerfile, inputs, found);
      return Optional.empty();
    } catch (Fault.InvalidArgument violation) {
      return Optional.of(violation);
    }
  }

  /**
   * What the target can be given.
   *
   * @throws Fault.InvalidArgument as {@link #check}, and for a mistake in the Dockerfile
   */
  public Outline outline() {
    return checks().outline(Dockerfile.parse(name, text()));
  }

  /**
   * What can be built.
   *
   * @throws Fault.InvalidArgument as {@link #outline}
   */
  public TargetList targets() {
    return TargetList.of(Dockerfile.parse(name, text()));
  }

  private PlanChecks checks() {
    Platform platform = request.goal().platforms().getFirst();
    return new PlanChecks(PlanBases.asked(request, platform, ignored()));
  }

  private String text() {
    return request
        .sources()
        .dockerfileFrom()
        .text(name)
        .orElseThrow(() ->
            new Fault.InvalidArgument(
                "failed to read dockerfile: open %s: no such file or directory".formatted(name)));
  }

  /** As for a build: an ignore file of the Dockerfile's own lies beside it. */
  private Optional<IgnoreFile> ignored() {
    BuildRequest.Sources sources = request.sources();
    return sources
        .dockerfileFrom()
        .text(name + IgnoreFile.NAME)
        .or(() -> sources.context().text(IgnoreFile.NAME))
        .map(IgnoreFile::parse);
  }
}
