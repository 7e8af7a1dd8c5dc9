package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Instruction.Transfer;
import dev.kemas.dockerfile.Mount;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The whole context copied before dependencies are installed: a change of any file installs them
 * all again.
 */
final class CacheDefeatingCopyOrder implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    for (StageView stage : build.stages()) {
      Optional<Transfer> whole = Optional.empty();
      Set<Install.Tool> before = EnumSet.noneOf(Install.Tool.class);
      for (StageView.Line line : stage.lines()) {
        if (whole.isEmpty()) {
          whole =
              ContextCopy.of(build, line).filter(ContextCopy::isWhole).map(ContextCopy::transfer);
        }
        if (line.instruction() instanceof Run run) {
          for (Install install : Install.of(run)) {
            if (whole.isEmpty()) {
              before.add(install.tool());
            } else if (!before.contains(install.tool())
                && installsDependencies(install, RunMounts.of(build, line, run))) {
              report(build, whole.get(), run, install, findings);
              before.add(install.tool());
            }
          }
        }
      }
    }
  }

  private static boolean installsDependencies(Install install, List<Mount> mounts) {
    return switch (install.tool()) {
      case APT -> false; // a change of sources does not ask for system packages that often
      // "pip install ." builds the project itself: it needs the sources
      case PIP ->
          !install.requirementFiles().isEmpty()
              || install.packages().stream().anyMatch(p -> !p.startsWith(".") && !p.contains("/"));
      case MAVEN, GRADLE ->
          mounts.stream().noneMatch(Mount.Cache.class::isInstance)
              && install.packages().stream()
                  .anyMatch(goal ->
                      goal.matches(
                          ("package|install|verify|compile|build|assemble|bootJar|jar|:?.*:(build|"
                              + "bootJar)")));
      case CONDA, POETRY, UV, PDM, PIPENV, NPM, YARN, PNPM -> true;
    };
  }

  private static void report(
      BuildView build, Transfer whole, Run run, Install install, Findings findings) {
    List<String> manifests = manifests(build, install);
    String place = whole.destination();
    String copy =
        manifests.isEmpty()
            ? ""
            : "COPY %s %s%n"
                .formatted(
                    String.join(" ", manifests),
                    place.equals(".") ? "./" : place.endsWith("/") ? place : place + "/");
    findings.add(
        KemasRules.CACHE_DEFEATING_COPY_ORDER,
        whole,
        ("line %d copies the whole context before line %d installs dependencies"
                + " with %s: a change of any file installs them all again")
            .formatted(whole.range().startLine(), run.range().startLine(), install.tool().shown()),
        "copy what names the dependencies first, install, then copy the rest:\n"
            + copy
            + better(run, install)
            + "\n"
            + whole.text());
  }

  /** What the install reads; nothing where the command itself names the packages. */
  private static List<String> manifests(BuildView build, Install install) {
    if (!install.requirementFiles().isEmpty()) {
      return install.requirementFiles();
    }
    if (install.tool() == Install.Tool.PIP) {
      return List.of();
    }
    List<String> manifests = new ArrayList<>();
    for (String file : install.tool().manifests()) {
      if (build.context().text(file).isPresent()) {
        manifests.add(file);
      }
    }
    return manifests.isEmpty() ? install.tool().manifests().subList(0, 1) : manifests;
  }

  private static String better(Run run, Install install) {
    return switch (install.tool()) {
      case MAVEN -> "RUN --mount=type=cache,target=/root/.m2 mvn -B dependency:go-offline";
      case GRADLE -> "RUN --mount=type=cache,target=/root/.gradle gradle --no-daemon dependencies";
      case POETRY -> "RUN poetry install --no-root";
      case UV -> "RUN uv sync --locked --no-install-project";
      case PDM -> "RUN pdm sync --no-self";
      case PIP, CONDA, PIPENV, NPM, YARN, PNPM, APT ->
          ShellCommands.of(run).size() == 1
              ? run.text()
              : "RUN %s %s%s"
                  .formatted(
                      install.tool().shown(),
                      install.verb(),
                      install.requirementFiles().isEmpty()
                          ? ""
                          : " -r " + String.join(" -r ", install.requirementFiles()));
    };
  }
}
