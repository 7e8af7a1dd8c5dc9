package dev.kemas.build;

import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.build.plan.Vertex;
import dev.kemas.oci.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of a plan's steps. They go on where those of the plan for the platform before end.
 *
 * @param before how many steps there are before this plan
 * @param stagesBefore how many stages
 */
record Numbering(Plan plan, Platform platform, int before, int stagesBefore) {

  /** The number of the first step of a stage, by its position in the plan. */
  int first(int position) {
    int number = before + plan.globals().size() + 1;
    for (PlannedStage stage : plan.stages().subList(0, position)) {
      number += stage.steps().size();
    }
    return number;
  }

  /** The number of the last step of all. */
  int last() {
    return before + plan.steps();
  }

  /** The steps with their numbers, ARGs before the first FROM included. */
  List<BuildEvent.PlannedStep> steps() {
    List<BuildEvent.PlannedStep> steps = new ArrayList<>();
    int number = before;
    for (String global : plan.globals()) {
      number++;
      steps.add(
          new BuildEvent.PlannedStep(
              number,
              plan.steps(),
              platform,
              stagesBefore,
              "",
              Optional.empty(),
              global,
              Optional.empty(),
              List.of()));
    }
    Map<Integer, Integer> makers = new HashMap<>();
    for (int i = 0; i < plan.stages().size(); i++) {
      PlannedStage stage = plan.stages().get(i);
      for (Step step : stage.steps()) {
        number++;
        steps.add(
            new BuildEvent.PlannedStep(
                number,
                plan.steps(),
                platform,
                stagesBefore + i,
                stage.label(),
                Optional.of(step.kind()),
                step.text(),
                Optional.of(step.instruction().range()),
                inputs(step, makers)));
        if (step.kind() != Step.Kind.METADATA) {
          makers.putIfAbsent(step.vertex(), number);
        }
      }
    }
    return steps;
  }

  private List<Integer> inputs(Step step, Map<Integer, Integer> makers) {
    Vertex vertex = plan.graph().vertex(step.vertex());
    return switch (step.kind()) {
      case BASE, METADATA -> Optional.ofNullable(makers.get(step.vertex())).stream().toList();
      case OPERATION ->
          vertex.inputs().stream()
              .flatMap(input -> Optional.ofNullable(makers.get(input)).stream())
              .toList();
    };
  }
}
