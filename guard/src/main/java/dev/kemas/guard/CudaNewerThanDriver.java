package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Run;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CUDA that the host's driver is too old for. Says nothing where there is no driver, since the
 * image may be meant for another machine, and nothing where the version is not known.
 */
final class CudaNewerThanDriver implements Guards.Before {
  private static final Pattern TAG =
      Pattern.compile("(?:^|[/:_-])(?:cuda[:_-]?|cu)(\\d{1,2}\\.\\d{1,2}(?:\\.\\d+)?)");
  private static final Pattern REQUIRE = Pattern.compile("cuda>=(\\d+\\.\\d+)");
  // the wheels of torch and its kin: torch==2.7.0+cu128, --index-url .../whl/cu128
  private static final Pattern WHEEL = Pattern.compile("(?:\\+|/)cu(1\\d)(\\d)\\b");
  private static final List<String> VARIABLES =
      List.of("CUDA_VERSION", "NV_CUDA_CUDART_VERSION", "NV_CUDA_LIB_VERSION");
  private static final List<String> LABELS =
      List.of("com.nvidia.cuda.version", "com.nvidia.cudart.version");

  /** A version and who says so. */
  private record Told(Version version, String by) {}

  @Override
  public void look(BuildView build, Findings findings) {
    Optional<NvidiaDriver> driver = build.facts().driver();
    if (driver.isEmpty()) {
      return;
    }
    for (StageView stage : build.imageStages()) {
      if (stage.parent().isEmpty()) {
        stage
            .base()
            .flatMap(name ->
                ofBase(name, Optional.ofNullable(build.facts().bases().get(stage.stage().index()))))
            .ifPresent(told -> judge(told, stage.stage().from(), driver.get(), findings));
      }
      for (StageView.Line line : stage.lines()) {
        if (line.instruction() instanceof Run run) {
          ofWheel(run.text()).ifPresent(told -> judge(told, run, driver.get(), findings));
        }
      }
    }
  }

  private static Optional<Told> ofBase(String name, Optional<BaseFacts> facts) {
    if (facts.isPresent()) {
      for (String variable : VARIABLES) {
        Optional<Version> version =
            Optional.ofNullable(facts.get().environment().get(variable)).flatMap(Version::of);
        if (version.isPresent()) {
          return Optional.of(new Told(version.get(), "its " + variable));
        }
      }
      for (String label : LABELS) {
        Optional<Version> version =
            Optional.ofNullable(facts.get().labels().get(label)).flatMap(Version::of);
        if (version.isPresent()) {
          return Optional.of(new Told(version.get(), "its label " + label));
        }
      }
      Matcher required =
          REQUIRE.matcher(facts.get().environment().getOrDefault("NVIDIA_REQUIRE_CUDA", ""));
      if (required.find()) {
        return Version.of(required.group(1)).map(v -> new Told(v, "its NVIDIA_REQUIRE_CUDA"));
      }
    }
    int digest = name.indexOf('@');
    Matcher tag = TAG.matcher(digest < 0 ? name : name.substring(0, digest));
    return tag.find()
        ? Version.of(tag.group(1)).map(v -> new Told(v, "its name " + name))
        : Optional.empty();
  }

  private static Optional<Told> ofWheel(String text) {
    Matcher wheel = WHEEL.matcher(text);
    return wheel.find()
        ? Version.of(wheel.group(1) + "." + wheel.group(2))
            .map(v -> new Told(v, "the wheels it installs"))
        : Optional.empty();
  }

  private static void judge(Told told, Instruction at, NvidiaDriver driver, Findings findings) {
    Optional<Version> newest = CudaReleases.newestFor(driver);
    Version cuda = told.version().minor();
    Optional<Version> needed = CudaReleases.driverFor(cuda);
    if (needed.isEmpty() || driver.version().compareTo(needed.get()) >= 0) {
      return; // of a release after the table nobody here knows what it needs
    }
    String supports =
        newest.map(v -> "supports CUDA up to " + v).orElse("is older than any CUDA known here");
    boolean limited = CudaReleases.runsWithLimits(cuda, driver);
    findings.add(
        KemasRules.CUDA_NEWER_THAN_DRIVER,
        at,
        "CUDA %s (by %s) needs driver %s or newer, this host's driver %s %s%s"
            .formatted(
                cuda,
                told.by(),
                needed.get(),
                driver.version(),
                supports,
                limited
                    ? "; minor-version compatibility lets most programs run, not those that compile"
                        + " for the GPU while they run (PTX)"
                    : "; programs will not find a usable GPU"),
        newest
            .filter(v -> v.major() >= 11)
            .map(v ->
                "take a base with CUDA %s or older, or update the driver to %s"
                    .formatted(v, needed.get()))
            .orElse("update the driver to " + needed.get()));
  }
}
