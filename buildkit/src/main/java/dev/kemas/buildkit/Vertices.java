package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildProgress;
import dev.kemas.build.explain.ExplanationJson;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.buildkit.wire.Ops;
import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.SourceRange;
import dev.kemas.image.Progress;
import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A build's events as BuildKit's vertices: one for each step that changes a file system, one for
 * each task. Safe for several threads.
 */
final class Vertices implements BuildProgress {
  private static final Pattern COMMAND =
      Pattern.compile("The command '(.*)' returned a non-zero code: \\d+", Pattern.DOTALL);
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  /**
   * The step that made the build fail.
   *
   * @param digest of its vertex
   * @param range where it stands
   */
  record Failed(String digest, String message, Optional<SourceRange> range) {}

  /** How many steps there are, and how they went. */
  record Counts(int total, int completed, int cached, int warnings) {}

  private final String build;
  private final StatusFeed feed;
  private final Map<String, Control.Vertex> open = new LinkedHashMap<>();
  private final Map<String, Control.VertexStatus> parts = new HashMap<>();
  private final Map<Integer, BuildEvent.PlannedStep> steps = new HashMap<>();
  private Map<Integer, String> names = Map.of();
  private final DockerfileText dockerfile;
  private final List<Map<String, Object>> explanations = new ArrayList<>();
  private int run;
  private int total;
  private int completed;
  private int cached;
  private int warnings;
  private String definition = "";
  private Optional<Failed> failed = Optional.empty();

  /** Why its steps ran; of a build whose steps are all known nothing is told, and none ran. */
  synchronized List<Map<String, Object>> explanations() {
    if (!explanations.isEmpty()) {
      return List.copyOf(explanations);
    }
    return steps.values().stream()
        .sorted(Comparator.comparingInt(BuildEvent.PlannedStep::number))
        .<Map<String, Object>>map(step ->
            Map.of("number", step.number(), "text", step.text(), "hit", true, "causes", List.of()))
        .toList();
  }

  /**
   * @param build tells its vertices from those of others
   * @param dockerfile what was read, for findings
   */
  Vertices(String build, StatusFeed feed, DockerfileText dockerfile) {
    this.build = build;
    this.feed = feed;
    this.dockerfile = dockerfile;
  }

  /** The builder runs once more for this build; the steps' numbers begin anew. */
  synchronized void again() {
    run++;
    open.clear();
    parts.clear();
    steps.clear();
    names = Map.of();
  }

  /** What made it fail, if a step did. */
  synchronized Optional<Failed> failed() {
    return failed;
  }

  synchronized Counts counts() {
    return new Counts(total, completed, cached, warnings);
  }

  /** The build is over: what still runs is told to have ended with it. */
  synchronized void end() {
    for (Control.Vertex vertex : Map.copyOf(open).values()) {
      if (vertex.hasStarted() && !vertex.hasCompleted()) {
        put(
            vertex.toBuilder()
                .setCompleted(Times.now())
                .setError("context canceled: the build has ended")
                .build());
      }
    }
  }

  @Override
  public synchronized void event(BuildEvent event) {
    switch (event) {
      case BuildEvent.Planned planned -> plan(planned);
      case BuildEvent.StepStarted step -> step(step.number(), v -> v.setStarted(Times.now()));
      case BuildEvent.StepCached step -> {
        cached += names.containsKey(step.number()) ? 1 : 0;
        step(step.number(), v -> v.setCached(true));
      }
      case BuildEvent.StepFinished step -> finished(step.number());
      case BuildEvent.CommandFailed step -> fail(step.number(), words(step.message(), step.code()));
      case BuildEvent.StepFailed step -> fail(step.number(), step.message());
      case BuildEvent.StepOutput out ->
          log(stepDigest(out.number()), out.stderr() ? STDERR : STDOUT, out.text());
      case BuildEvent.TaskStarted task -> startTask(task);
      case BuildEvent.TaskPart part ->
          part(taskDigest(part.task()), part.what(), part.current(), part.total(), part.done());
      case BuildEvent.Pull pull -> pull(taskDigest(pull.task()), pull.event());
      case BuildEvent.TaskFinished task -> finishTask(task);
      case BuildEvent.Warning warning -> warn(warning.text(), Optional.empty());
      case BuildEvent.Finding finding -> find(finding.lint());
      case BuildEvent.Explained explained ->
          explanations.addAll(
              ExplanationJson.of(
                  explained.steps(),
                  steps.values().stream()
                      .collect(
                          Collectors.toMap(
                              BuildEvent.PlannedStep::number, BuildEvent.PlannedStep::text))));
      case BuildEvent.Triggers _,
          BuildEvent.StepRunning _,
          BuildEvent.ContainerRemoved _,
          BuildEvent.Built _,
          BuildEvent.Tagged _ -> {
        // BuildKit has no words for these
      }
    }
  }

  private String stepDigest(int number) {
    return digest("step " + number);
  }

  private String taskDigest(int task) {
    return digest("task " + task);
  }

  private String digest(String what) {
    return Digest.of((build + ' ' + run + ' ' + what).getBytes(StandardCharsets.UTF_8)).toString();
  }

  private void plan(BuildEvent.Planned planned) {
    names = StepNames.of(planned.steps());
    total += names.size();
    planned.steps().forEach(step -> steps.put(step.number(), step));
    Control.StatusResponse.Builder all = Control.StatusResponse.newBuilder();
    for (BuildEvent.PlannedStep step : planned.steps()) {
      String name = names.get(step.number());
      if (name != null) {
        Control.Vertex.Builder vertex =
            Control.Vertex.newBuilder().setDigest(stepDigest(step.number())).setName(name);
        step.inputs().stream()
            .filter(names::containsKey)
            .forEach(input -> vertex.addInputs(stepDigest(input)));
        open.put(vertex.getDigest(), vertex.build());
        all.addVertexes(vertex);
      }
    }
    feed.tell(all.build());
  }

  /** What changes of a vertex. */
  private interface Change {
    Control.Vertex.Builder on(Control.Vertex.Builder vertex);
  }

  private void step(int number, Change change) {
    change(stepDigest(number), change);
  }

  private void change(String digest, Change change) {
    Control.Vertex known = open.get(digest);
    if (known != null) {
      put(change.on(known.toBuilder()).build());
    }
  }

  private void put(Control.Vertex vertex) {
    open.put(vertex.getDigest(), vertex);
    feed.tell(Control.StatusResponse.newBuilder().addVertexes(vertex).build());
  }

  private void finished(int number) {
    Control.Vertex known = open.get(stepDigest(number));
    if (known == null || known.hasCompleted()) {
      return;
    }
    completed++;
    Timestamp now = Times.now();
    Control.Vertex.Builder vertex = known.toBuilder().setCompleted(now);
    if (!known.hasStarted()) {
      vertex.setStarted(now);
    }
    put(vertex.build());
  }

  private static String words(String message, int code) {
    Matcher matcher = COMMAND.matcher(message);
    return matcher.find()
        ? "process \"%s\" did not complete successfully: exit code: %d"
            .formatted(matcher.group(1), code)
        : message;
  }

  private void fail(int number, String message) {
    String digest = stepDigest(number);
    if (failed.isEmpty()) {
      Optional<SourceRange> range =
          Optional.ofNullable(steps.get(number)).flatMap(BuildEvent.PlannedStep::range);
      failed = Optional.of(new Failed(digest, message, range));
    }
    Control.Vertex known = open.get(digest);
    if (known != null && !known.hasCompleted()) {
      put(known.toBuilder().setCompleted(Times.now()).setError(message).build());
    }
  }

  private void log(String vertex, int stream, String text) {
    feed.tell(
        Control.StatusResponse.newBuilder()
            .addLogs(
                Control.VertexLog.newBuilder()
                    .setVertex(vertex)
                    .setStream(stream)
                    .setTimestamp(Times.now())
                    .setMsg(ByteString.copyFromUtf8(text)))
            .build());
  }

  private void startTask(BuildEvent.TaskStarted task) {
    String digest = taskDigest(task.task());
    if (definition.isEmpty()) {
      definition = digest;
    }
    put(
        Control.Vertex.newBuilder()
            .setDigest(digest)
            .setName(task.name())
            .setStarted(Times.now())
            .build());
  }

  private void finishTask(BuildEvent.TaskFinished task) {
    String digest = taskDigest(task.task());
    task.error()
        .ifPresent(error -> {
          if (failed.isEmpty()) {
            failed = Optional.of(new Failed(digest, error, Optional.empty()));
          }
        });
    change(
        digest,
        vertex -> {
          task.error().ifPresent(vertex::setError);
          return vertex.setCompleted(Times.now());
        });
  }

  private void part(String vertex, String what, long current, long all, boolean done) {
    Timestamp now = Times.now();
    Control.VertexStatus known = parts.get(vertex + what);
    Control.VertexStatus.Builder status =
        known == null
            ? Control.VertexStatus.newBuilder().setId(what).setVertex(vertex).setStarted(now)
            : known.toBuilder();
    status.setTimestamp(now).setCurrent(current).setTotal(all);
    if (done) {
      status.setCompleted(now);
    }
    parts.put(vertex + what, status.build());
    feed.tell(Control.StatusResponse.newBuilder().addStatuses(status).build());
  }

  private void pull(String vertex, Progress.Event event) {
    switch (event) {
      case Progress.Status status -> {
        String what = status.id().map(id -> id + ' ' + status.status()).orElse(status.status());
        boolean moves = status.total() > 0 && status.current() < status.total();
        part(vertex, what, Math.max(0, status.current()), status.total(), !moves);
      }
      case Progress.Line line -> log(vertex, STDOUT, line.text());
      case Progress.Pushed pushed ->
          part(vertex, pushed.tag() + ": digest: " + pushed.digest(), 0, 0, true);
    }
  }

  private void find(Lint lint) {
    warn(
        "%s: %s (line %d)".formatted(lint.rule().name(), lint.message(), lint.range().startLine()),
        Optional.of(lint));
  }

  private void warn(String text, Optional<Lint> lint) {
    warnings++;
    Control.VertexWarning.Builder warning =
        Control.VertexWarning.newBuilder()
            .setVertex(definition)
            .setLevel(1)
            .setShort(ByteString.copyFromUtf8(text));
    lint.ifPresent(found -> {
      warning
          .addDetail(ByteString.copyFromUtf8(found.rule().description()))
          .setUrl(found.rule().url())
          .addAllRanges(Sources.ranges(found.range()));
      Optional<Ops.SourceInfo> info = dockerfile.info();
      info.ifPresent(warning::setInfo);
    });
    feed.tell(Control.StatusResponse.newBuilder().addWarnings(warning).build());
  }
}
