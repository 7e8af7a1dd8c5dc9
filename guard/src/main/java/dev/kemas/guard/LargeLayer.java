package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** A layer that every change sends and stores anew as a whole. */
final class LargeLayer implements Guards.After {
  private static final long LIMIT = 500 * Sizes.MB;
  private static final int SHOWN = 3;

  @Override
  public void look(AfterBuild build, Findings findings) {
    if (!findings.wants(KemasRules.LARGE_LAYER)) {
      return;
    }
    for (LayerFacts layer : build.layers()) {
      if (layer.bytes() > LIMIT) {
        List<FolderSizes.Folder> largest = largest(layer);
        findings.add(
            KemasRules.LARGE_LAYER,
            layer.instruction(),
            "this step makes a layer of %s; the largest in it: %s"
                .formatted(
                    Sizes.text(layer.bytes()),
                    String.join(
                        ", ",
                        largest.stream()
                            .map(f -> f.path() + " (" + Sizes.text(f.bytes()) + ")")
                            .toList())),
            split(layer.instruction(), largest));
      }
    }
  }

  private static List<FolderSizes.Folder> largest(LayerFacts layer) {
    FolderSizes sizes = new FolderSizes();
    try {
      layer.files().walk((path, bytes, content) -> sizes.add(path, bytes));
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot read the layer of line %d: %s"
              .formatted(layer.instruction().range().startLine(), e),
          e);
    }
    return sizes.largest(SHOWN).stream()
        .sorted(Comparator.comparingLong(FolderSizes.Folder::bytes).reversed())
        .toList();
  }

  private static String split(Instruction instruction, List<FolderSizes.Folder> largest) {
    if (!(instruction instanceof Run run)) {
      String first = largest.isEmpty() ? "FOLDER" : largest.getFirst().path();
      return "copy what becomes %s in a COPY of its own, before what changes more often"
          .formatted(first);
    }
    List<Install> installs = Install.of(run);
    boolean python =
        installs.stream()
            .anyMatch(i -> i.tool() == Install.Tool.PIP || i.tool() == Install.Tool.CONDA);
    if (python) {
      List<String> names =
          largest.stream()
              .map(FolderSizes.Folder::path)
              .filter(p -> p.contains("-packages/"))
              .map(p -> p.substring(p.lastIndexOf('/') + 1))
              .filter(n -> !n.equals("nvidia")) // comes with torch
              .toList();
      return "install what is large and seldom changes in a RUN of its own before the rest: "
          + (names.isEmpty()
              ? "RUN pip install LARGE==VERSION"
              : "RUN pip install " + pinned(names))
          + ", then RUN pip install -r requirements.txt";
    }
    return installs.isEmpty()
        ? "divide the step: what seldom changes first, in a RUN of its own; what it needs only for"
            + " itself goes into --mount=type=cache or a build stage"
        : "install in several RUN steps, the large and seldom changed first; build tools belong"
            + " into a stage of their own";
  }

  private static String pinned(List<String> names) {
    return String.join(" ", names.stream().map(n -> n + "==VERSION").toList());
  }
}
