package dev.kemas.build;

import dev.kemas.build.plan.HistoryItem;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.dockerfile.CheckInputs;
import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.fault.Fault;
import dev.kemas.guard.AfterBuild;
import dev.kemas.guard.BaseFacts;
import dev.kemas.guard.BeforeBuild;
import dev.kemas.guard.ConfigText;
import dev.kemas.guard.Finding;
import dev.kemas.guard.Guards;
import dev.kemas.guard.LayerFacts;
import dev.kemas.guard.NvidiaDriver;
import dev.kemas.guard.Report;
import dev.kemas.image.Layer;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.ProcessDefaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rules about a build's files and its result, all at its end: by then the context has come that
 * they look at. What they cannot look at is told and fails nothing.
 */
final class BuildGuards {
  private final BuildRequest request;
  private final ContextFiles context;
  private final Workspaces.Held workspaces;
  private final SeenSecrets secrets;

  BuildGuards(
      BuildRequest request, ContextFiles context, Workspaces.Held workspaces, SeenSecrets secrets) {
    this.request = request;
    this.context = context;
    this.workspaces = workspaces;
    this.secrets = secrets;
  }

  /** What there is to say: findings, and warnings about what could not be looked at. */
  List<BuildEvent> look(Plan plan, Solver.Solution solution, ImageConfig config) {
    List<BuildEvent> told = new ArrayList<>();
    try {
      tell(Guards.before(before(plan), settings()), told);
      tell(Guards.after(after(plan, solution, config), settings()), told);
    } catch (Fault.Unavailable e) {
      told.add(
          new BuildEvent.Warning("not all checks of the result could be made: " + e.getMessage()));
    }
    return told;
  }

  private CheckSettings settings() {
    return inputs(request).settings(dockerfile().directives());
  }

  /** Only what chooses the rules. */
  static CheckInputs inputs(BuildRequest request) {
    return new CheckInputs(
        request.goal().buildArguments(),
        request.goal().target(),
        Map.of(),
        Optional.empty(),
        request.sources().named().keySet(),
        (name, platform) -> Optional.empty());
  }

  private Dockerfile dockerfile() {
    return context.dockerfile();
  }

  private void tell(Report report, List<BuildEvent> told) {
    for (Finding finding : report.findings()) {
      told.add(new BuildEvent.Finding(finding.lint(), dockerfile().name()));
    }
    report.notes().forEach(note -> told.add(new BuildEvent.Warning(note)));
  }

  private BeforeBuild before(Plan plan) {
    Map<Integer, BaseFacts> bases = new HashMap<>();
    for (PlannedStage stage : plan.stages()) {
      stage
          .base()
          .flatMap(base -> base.config().config())
          .filter(config -> stage.parent().isEmpty())
          .ifPresent(config -> bases.put(stage.index(), facts(config)));
    }
    return new BeforeBuild(
        dockerfile(),
        new CameContext(context, request.sources().context()),
        request.goal().target(),
        request.goal().buildArguments(),
        request.sources().named().keySet(),
        bases,
        NvidiaDriver.ofHost());
  }

  private static BaseFacts facts(ProcessDefaults config) {
    Map<String, String> environment = new TreeMap<>();
    for (String entry : config.env()) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return new BaseFacts(environment, config.labels());
  }

  private AfterBuild after(Plan plan, Solver.Solution solution, ImageConfig config) {
    IdentityHashMap<HistoryItem, Instruction> makers = new IdentityHashMap<>();
    for (PlannedStage stage : plan.stages()) {
      for (Step step : stage.steps()) {
        step.history().ifPresent(made -> makers.put(made, step.instruction()));
      }
    }
    List<LayerFacts> layers = new ArrayList<>();
    for (HistoryItem item : plan.target().history()) {
      Optional<Layer> layer =
          Optional.ofNullable(solution.entries().get(item)).flatMap(CacheIndex.Entry::layer);
      Optional<Instruction> maker = Optional.ofNullable(makers.get(item));
      if (layer.isPresent() && maker.isPresent()) {
        Layer made = layer.get();
        layers.add(
            new LayerFacts(
                maker.get(), made.size(), visitor -> workspaces.files(made).walk(visitor)));
      }
    }
    return new AfterBuild(dockerfile(), layers, texts(config), secrets.seen());
  }

  private static List<ConfigText> texts(ImageConfig config) {
    List<ConfigText> texts = new ArrayList<>();
    config
        .config()
        .ifPresent(process -> {
          for (String entry : process.env()) {
            texts.add(new ConfigText("ENV " + entry.split("=", 2)[0], entry));
          }
          process
              .labels()
              .forEach((name, value) -> texts.add(new ConfigText("label " + name, value)));
          process
              .cmd()
              .ifPresent(words -> texts.add(new ConfigText("CMD", String.join(" ", words))));
          process
              .entrypoint()
              .ifPresent(words -> texts.add(new ConfigText("ENTRYPOINT", String.join(" ", words))));
        });
    for (int i = 0; i < config.history().size(); i++) {
      String made = config.history().get(i).createdBy().orElse("");
      texts.add(new ConfigText("history, line " + (i + 1), made));
    }
    return texts;
  }
}
