package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Dependencies that are what they are on the day of the build. */
final class UnpinnedRequirements implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    if (!findings.wants(KemasRules.UNPINNED_REQUIREMENTS)) {
      return;
    }
    for (StageView stage : build.stages()) {
      for (StageView.Line line : stage.lines()) {
        if (line.instruction() instanceof Run run) {
          for (Install install : Install.of(run)) {
            look(build, run, install, findings);
          }
        }
      }
    }
  }

  private static void look(BuildView build, Run run, Install install, Findings findings) {
    switch (install.tool()) {
      case PIP -> pip(build, run, install, findings);
      case CONDA -> conda(build, run, install, findings);
      case NPM -> npm(build, run, install, findings);
      case YARN -> frozen(run, install, "yarn.lock", "--frozen-lockfile", "--immutable", findings);
      case PNPM ->
          frozen(
              run, install, "pnpm-lock.yaml", "--frozen-lockfile", "--frozen-lockfile", findings);
      case POETRY, UV, PDM, PIPENV -> lock(build, run, install, findings);
      case MAVEN, GRADLE, APT -> {}
    }
  }

  private static void pip(BuildView build, Run run, Install install, Findings findings) {
    Requirements requirements = new Requirements(path -> text(build, path));
    install.constraintFiles().forEach(requirements::constraints);
    install.packages().forEach(requirements::one);
    install.requirementFiles().forEach(requirements::file);
    List<String> loose = requirements.loose();
    if (!loose.isEmpty()) {
      String files = String.join(", ", install.requirementFiles());
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "pip installs without a version%s: %s"
              .formatted(files.isEmpty() ? "" : " (" + files + ")", Names.some(loose)),
          "write NAME==VERSION for each and @COMMIT for git addresses; pip freeze, pip-compile"
              + " --generate-hashes or uv pip compile write such a file");
    }
  }

  private static void conda(BuildView build, Run run, Install install, Findings findings) {
    List<String> loose =
        new ArrayList<>(install.packages().stream().filter(CondaEnvironment::isLoose).toList());
    for (String file : install.requirementFiles()) {
      text(build, file).map(CondaEnvironment::loose).ifPresent(loose::addAll);
    }
    if (!loose.isEmpty()) {
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "conda installs without a version: " + Names.some(loose),
          "write NAME=VERSION for each; conda env export --no-builds, or conda-lock, write such a"
              + " file");
    }
  }

  private static void npm(BuildView build, Run run, Install install, Findings findings) {
    if (install.verb().equals("ci")) {
      return;
    }
    List<String> loose =
        install.packages().stream()
            .filter(p -> p.lastIndexOf('@') <= 0 && !p.contains("$") && !p.startsWith("."))
            .toList();
    if (install.packages().isEmpty()) {
      boolean locked = build.context().text("package-lock.json").isPresent();
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "npm %s may take newer versions than package-lock.json names".formatted(install.verb()),
          locked
              ? "write npm ci: it installs what package-lock.json says, or fails"
              : "write package-lock.json once (npm install --package-lock-only), copy it, and write"
                  + " npm ci");
    } else if (!loose.isEmpty()) {
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "npm installs without a version: " + Names.some(loose),
          "write NAME@VERSION");
    }
  }

  private static void frozen(
      Run run, Install install, String lock, String flag, String other, Findings findings) {
    boolean plain = install.packages().isEmpty() && !install.verb().equals("fetch");
    boolean held =
        install.options().stream().anyMatch(o -> o.startsWith(flag) || o.startsWith(other));
    if (plain && !held) {
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "%s may take newer versions than %s names".formatted(install.tool().shown(), lock),
          "write %s install %s".formatted(install.tool().shown(), flag));
    }
  }

  private static void lock(BuildView build, Run run, Install install, Findings findings) {
    String lock =
        install.tool() == Install.Tool.PIPENV ? "Pipfile.lock" : install.tool().shown() + ".lock";
    boolean known = build.context().text(install.tool().manifests().getFirst()).isPresent();
    if (known && build.context().text(lock).isEmpty()) {
      findings.add(
          KemasRules.UNPINNED_REQUIREMENTS,
          run,
          "%s %s finds no %s, so it takes the newest versions of the day"
              .formatted(install.tool().shown(), install.verb(), lock),
          "write it once (%s lock) and copy it".formatted(install.tool().shown()));
    }
  }

  /**
   * A file of the context by the path that a step sees: the longest tail of the path that the
   * context has.
   */
  private static Optional<String> text(BuildView build, String path) {
    String tail = ContextCopy.clean(path);
    while (true) {
      Optional<String> text = build.context().text(tail);
      int slash = tail.indexOf('/');
      if (text.isPresent() || slash < 0) {
        return text;
      }
      tail = tail.substring(slash + 1);
    }
  }
}
