package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.From;
import java.util.Optional;

/** FROM without a tag, or with {@code latest}: what is built changes without a change here. */
final class LatestBase implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    for (StageView stage : build.stages()) {
      From from = stage.stage().from();
      Optional<String> base = stage.base().filter(name -> isImage(build, stage, name));
      if (base.isEmpty() || base.get().indexOf('@') >= 0) {
        continue;
      }
      String name = base.get();
      int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
      String tag = colon < 0 ? "" : name.substring(colon + 1);
      if (tag.isEmpty() || tag.equals("latest")) {
        String repository = colon < 0 ? name : name.substring(0, colon);
        findings.add(
            KemasRules.LATEST_BASE,
            from,
            tag.isEmpty()
                ? "base image %s has no tag, so it is whatever latest is on that day"
                    .formatted(name)
                : "base image %s is whatever latest is on that day".formatted(name),
            "name a version: FROM %s:VERSION, or FROM %s:VERSION@sha256:... to hold one for good"
                .formatted(repository, repository));
      }
    }
  }

  private static boolean isImage(BuildView build, StageView stage, String name) {
    return !name.isEmpty()
        && !name.equals("scratch")
        && stage.parent().isEmpty()
        && !build.facts().namedContexts().contains(name);
  }
}
