package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code apt-get install} without versions. Off by itself: a mirror drops old versions, so pinned
 * ones need a snapshot mirror, which few have.
 */
final class UnpinnedAptPackages implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    if (!findings.wants(KemasRules.UNPINNED_APT_PACKAGES)) {
      return;
    }
    for (StageView stage : build.stages()) {
      for (StageView.Line line : stage.lines()) {
        if (line.instruction() instanceof Run run) {
          List<String> loose = new ArrayList<>();
          for (Install install : Install.of(run)) {
            if (install.tool() == Install.Tool.APT && install.verb().equals("install")) {
              install.packages().stream()
                  .filter(p -> !p.contains("=") && !p.contains("/") && !p.contains("$"))
                  .forEach(loose::add);
            }
          }
          if (!loose.isEmpty()) {
            findings.add(
                KemasRules.UNPINNED_APT_PACKAGES,
                run,
                "system packages without a version: " + Names.some(loose),
                "write NAME=VERSION (apt-cache policy NAME shows it) and use a snapshot of the"
                    + " mirror, which keeps old versions");
          }
        }
      }
    }
  }
}
