package dev.kemas.build;

import dev.kemas.build.plan.PlanChecks;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.dockerfile.Outline;
import dev.kemas.dockerfile.TargetList;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
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
    return checks().check(name, text, wanted -> bases.here(wanted.name(), wanted.platform()));
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
