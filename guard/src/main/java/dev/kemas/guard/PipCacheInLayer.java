package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Mount;
import java.util.List;

/** pip in a stage that becomes the image, with its download cache left in the layer. */
final class PipCacheInLayer implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    for (StageView stage : build.imageStages()) {
      for (StageView.Line line : stage.lines()) {
        if (line.instruction() instanceof Run run
            && !line.variables().containsKey("PIP_NO_CACHE_DIR")
            && leavesCache(run, RunMounts.of(build, line, run))) {
          findings.add(
              KemasRules.PIP_CACHE_IN_LAYER,
              run,
              "pip leaves its download cache in the layer",
              "RUN --mount=type=cache,target=/root/.cache/pip pip install ... keeps it outside the"
                  + " image and makes the next build faster; or add --no-cache-dir");
        }
      }
    }
  }

  private static boolean leavesCache(Run run, List<Mount> mounts) {
    boolean mounted =
        mounts.stream()
            .anyMatch(mount ->
                switch (mount) {
                  case Mount.Cache cache -> cache.target().contains("cache");
                  case Mount.Tmpfs tmpfs -> tmpfs.target().contains("cache");
                  case Mount.Bind bind -> false;
                  case Mount.Secret secret -> false;
                  case Mount.Ssh ssh -> false;
                });
    if (mounted) {
      return false;
    }
    List<List<String>> commands = ShellCommands.of(run);
    boolean removed =
        commands.stream()
            .anyMatch(words ->
                (words.contains("rm") && words.stream().anyMatch(w -> w.contains(".cache")))
                    || (words.contains("cache") && words.contains("purge")));
    return !removed
        && commands.stream()
            .anyMatch(words ->
                words.stream().noneMatch(w -> w.startsWith("PIP_NO_CACHE_DIR=") || w.equals("uv"))
                    && Install.of(words).filter(PipCacheInLayer::downloads).isPresent());
  }

  private static boolean downloads(Install install) {
    return install.tool() == Install.Tool.PIP
        && !install.options().contains("--no-cache-dir")
        && !install.options().contains("--no-cache")
        && !install.options().contains("--no-index");
  }
}
