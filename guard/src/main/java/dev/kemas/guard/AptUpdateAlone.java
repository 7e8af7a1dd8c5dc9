package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import java.util.List;

/**
 * {@code apt-get update} whose lists a later RUN uses: cached, they name packages that are gone.
 */
final class AptUpdateAlone implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    for (StageView stage : build.stages()) {
      for (StageView.Line line : stage.lines()) {
        if (line.instruction() instanceof Run run && isAlone(run)) {
          findings.add(
              KemasRules.APT_UPDATE_ALONE,
              run,
              "apt-get update stands in a RUN of its own: its package lists stay in the cache"
                  + " while the mirror moves on, and a later install fails or takes old packages",
              "put it into the RUN that installs: RUN apt-get update && apt-get install -y"
                  + " --no-install-recommends PACKAGES && rm -rf /var/lib/apt/lists/*");
        }
      }
    }
  }

  private static boolean isAlone(Run run) {
    List<String> verbs =
        Install.of(run).stream()
            .filter(install -> install.tool() == Install.Tool.APT)
            .map(Install::verb)
            .toList();
    return !verbs.isEmpty() && verbs.stream().allMatch("update"::equals);
  }
}
