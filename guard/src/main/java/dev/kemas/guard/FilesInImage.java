package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction.Add;
import dev.kemas.dockerfile.Instruction.Transfer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Data sets and model weights of the context that a COPY or ADD takes into the image. */
final class FilesInImage implements Guards.Before {
  @Override
  public void look(BuildView build, Findings findings) {
    if (!findings.wants(KemasRules.DATASET_IN_IMAGE)
        && !findings.wants(KemasRules.MODEL_WEIGHTS_IN_IMAGE)) {
      return;
    }
    Map<ContextCopy, Tally> tallies = new LinkedHashMap<>();
    for (StageView stage : build.imageStages()) {
      for (StageView.Line line : stage.lines()) {
        ContextCopy.of(build, line).ifPresent(copy -> tallies.put(copy, new Tally()));
      }
    }
    if (tallies.isEmpty()) {
      return;
    }
    build.context().files(file -> tally(build, file, tallies));
    tallies.forEach((copy, tally) -> {
      for (FileKind.Group group : FileKind.Group.values()) {
        Tally.Verdict verdict = tally.of(group);
        if (verdict.files() > 0) {
          report(copy, group, verdict, findings);
        }
      }
    });
  }

  private static void tally(BuildView build, ContextFile file, Map<ContextCopy, Tally> tallies) {
    List<Tally> takers = new ArrayList<>();
    tallies.forEach((copy, tally) -> {
      if (copy.takes(file.path())) {
        takers.add(tally);
      }
    });
    if (takers.isEmpty()) {
      return;
    }
    byte[] head =
        Recognition.isWorthOpening(file.bytes())
            ? build.context().head(file.path(), Recognition.HEAD)
            : new byte[0];
    Optional<FileKind> kind = Recognition.of(file.path(), head);
    kind.ifPresent(k -> takers.forEach(tally -> tally.add(k, file.path(), file.bytes())));
  }

  private static void report(
      ContextCopy copy, FileKind.Group group, Tally.Verdict verdict, Findings findings) {
    Transfer transfer = copy.transfer();
    String keyword = transfer instanceof Add ? "ADD" : "COPY";
    findings.add(
        group.rule(),
        transfer,
        "%s takes %s of %s into the image: %s"
            .formatted(keyword, Sizes.text(verdict.bytes()), group.shown(), verdict.largest()),
        hint(group, verdict.folder()));
  }

  private static String hint(FileKind.Group group, String folder) {
    boolean data = group == FileKind.Group.DATA;
    String place = folder.isEmpty() ? (data ? "data" : "models") : folder;
    String name = place.substring(place.lastIndexOf('/') + 1);
    String ignored =
        folder.isEmpty()
            ? "put them into a folder, %s, name it in .dockerignore".formatted(place)
            : "name %s in .dockerignore".formatted(folder);
    String line = "-v ./%s:/%s:ro".formatted(place, name);
    return data
        ? ("%s, and mount it when the container runs: kemas run %s; when a step needs it: RUN"
                + " --mount=type=bind,source=%s,target=/%s ... and no line in .dockerignore")
            .formatted(ignored, line, place, name)
        : ("%s, and mount it when the container runs: kemas run %s; or fetch the weights at its"
                + " start into a volume")
            .formatted(ignored, line);
  }
}
