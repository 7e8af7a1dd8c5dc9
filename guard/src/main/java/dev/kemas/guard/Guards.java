package dev.kemas.guard;

import dev.kemas.dockerfile.CheckSettings;
import java.util.List;

/**
 * The one call before a build and the one after it. Both may take as long as reading files takes.
 */
public final class Guards {
  /** A rule that needs nothing to have run. */
  interface Before {
    void look(BuildView build, Findings findings);
  }

  /** A rule about a result. */
  interface After {
    void look(AfterBuild build, Findings findings);
  }

  private static final List<Before> BEFORE =
      List.of(
          new LatestBase(),
          new FilesInImage(),
          new UnpinnedRequirements(),
          new UnpinnedAptPackages(),
          new SecretInDockerfile(),
          new CudaNewerThanDriver(),
          new CacheDefeatingCopyOrder(),
          new AptUpdateAlone(),
          new PipCacheInLayer());
  private static final List<After> AFTER =
      List.of(new FilesInLayer(), new LargeLayer(), new SecretInLayer());

  private Guards() {}

  /**
   * Looks at a build that has not begun, or at what of its context has come.
   *
   * @param settings {@link dev.kemas.dockerfile.CheckInputs#settings} tells them
   * @throws dev.kemas.fault.Fault.Unavailable when the context cannot be read
   */
  public static Report before(BeforeBuild build, CheckSettings settings) {
    Findings findings = new Findings(settings);
    BuildView view = new BuildView(build);
    BEFORE.forEach(rule -> rule.look(view, findings));
    return findings.report();
  }

  /**
   * Looks at a finished build.
   *
   * @throws dev.kemas.fault.Fault.Unavailable when a layer cannot be read
   */
  public static Report after(AfterBuild build, CheckSettings settings) {
    Findings findings = new Findings(settings);
    AFTER.forEach(rule -> rule.look(build, findings));
    return findings.report();
  }
}
