package dev.kemas.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.build.BuildEvent.PlannedStep;
import dev.kemas.build.plan.Step.Kind;
import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names of steps, as people know them from BuildKit. */
final class StepNamesTest {
  private static PlannedStep step(
      int number, String platform, int stage, String label, Kind kind, String text, int... inputs) {
    return new PlannedStep(
        number,
        9,
        Platform.parse(platform),
        stage,
        label,
        Optional.of(kind),
        text,
        Optional.empty(),
        java.util.Arrays.stream(inputs).boxed().toList());
  }

  @Test
  void theOnlyStageHasNoName() {
    assertThat(
            StepNames.of(
                List.of(
                    step(1, "linux/amd64", 0, "0", Kind.BASE, "FROM busybox"),
                    step(2, "linux/amd64", 0, "0", Kind.METADATA, "ENV a=b", 1),
                    step(3, "linux/amd64", 0, "0", Kind.OPERATION, "RUN true", 1))))
        .containsEntry(1, "[1/2] FROM busybox")
        .containsEntry(3, "[2/2] RUN true")
        .hasSize(2);
  }

  @Test
  void stagesAreNamedAndAFromThatNamesNoImageIsNoStep() {
    assertThat(
            StepNames.of(
                List.of(
                    step(1, "linux/amd64", 0, "base", Kind.BASE, "FROM scratch AS base"),
                    step(2, "linux/amd64", 0, "base", Kind.OPERATION, "COPY a /", 1),
                    step(3, "linux/amd64", 1, "1", Kind.BASE, "FROM base", 2),
                    step(4, "linux/amd64", 1, "1", Kind.OPERATION, "RUN true", 2))))
        .containsEntry(2, "[base 1/1] COPY a /")
        .containsEntry(4, "[stage-1 1/1] RUN true")
        .hasSize(2);
  }

  @Test
  void severalPlatformsAreTold() {
    assertThat(
            StepNames.of(
                List.of(
                    step(1, "linux/amd64", 0, "0", Kind.BASE, "FROM busybox"),
                    step(2, "linux/arm64", 1, "0", Kind.BASE, "FROM busybox"))))
        .containsEntry(1, "[linux/amd64 1/1] FROM busybox")
        .containsEntry(2, "[linux/arm64 1/1] FROM busybox");
  }
}
