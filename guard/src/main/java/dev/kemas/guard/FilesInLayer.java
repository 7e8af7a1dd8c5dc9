package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Data sets and model weights that a RUN fetched or a stage handed over. What a COPY takes of the
 * context is told before the build.
 */
final class FilesInLayer implements Guards.After {
  @Override
  public void look(AfterBuild build, Findings findings) {
    if (!findings.wants(KemasRules.DATASET_IN_IMAGE)
        && !findings.wants(KemasRules.MODEL_WEIGHTS_IN_IMAGE)) {
      return;
    }
    for (LayerFacts layer : build.layers()) {
      if (isLarge(layer) && !isTold(layer.instruction())) {
        look(layer, findings);
      }
    }
  }

  private static boolean isLarge(LayerFacts layer) {
    return layer.bytes() >= 10 * Sizes.MB;
  }

  private static boolean isTold(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Copy copy -> copy.from().isEmpty();
      case Instruction.Add add -> true;
      default -> false;
    };
  }

  private static void look(LayerFacts layer, Findings findings) {
    Tally tally = new Tally();
    try {
      layer
          .files()
          .walk((path, bytes, content) -> {
            if (Recognition.isWorthOpening(bytes) && !isOfPackage(path)) {
              kind(path, content).ifPresent(kind -> tally.add(kind, path, bytes));
            }
          });
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot read the layer of line %d: %s"
              .formatted(layer.instruction().range().startLine(), e),
          e);
    }
    for (FileKind.Group group : FileKind.Group.values()) {
      Tally.Verdict verdict = tally.of(group);
      if (verdict.files() > 0) {
        boolean data = group == FileKind.Group.DATA;
        String folder = verdict.folder().isEmpty() ? "/data" : verdict.folder();
        findings.add(
            group.rule(),
            layer.instruction(),
            "this step leaves %s of %s in the image: %s"
                .formatted(Sizes.text(verdict.bytes()), group.shown(), verdict.largest()),
            ("fetch them when the container starts, into a volume: kemas run -v %s:%s; for a step"
                    + " alone: RUN --mount=type=cache,target=%s ...")
                .formatted(data ? "data" : "models", folder, folder));
      }
    }
  }

  private static Optional<FileKind> kind(String path, LayerFiles.Content content)
      throws IOException {
    try (InputStream in = content.open()) {
      return Recognition.of(path, in.readNBytes(Recognition.HEAD));
    }
  }

  /** What packages bring for themselves: examples, tables, databases of system tools. */
  private static boolean isOfPackage(String path) {
    return path.startsWith("/usr/")
        || path.startsWith("/var/lib/")
        || path.startsWith("/var/cache/")
        || path.contains("/site-packages/")
        || path.contains("/dist-packages/")
        || path.contains("/node_modules/")
        || path.contains("/pkgs/");
  }
}
