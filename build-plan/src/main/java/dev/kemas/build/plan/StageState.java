package dev.kemas.build.plan;

import dev.kemas.dockerfile.CommandLine;
import dev.kemas.dockerfile.Instruction.Healthcheck;
import dev.kemas.oci.ProcessDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** The configuration of the image that a stage is making, as it stands after some instructions. */
final class StageState {
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  final Environment environment;
  final Arguments arguments;
  final List<HistoryItem> history = new ArrayList<>();
  final List<String> onBuild = new ArrayList<>();
  final SortedMap<String, String> labels;
  final SortedMap<String, Map<String, Object>> volumes;
  final SortedMap<String, Map<String, Object>> ports;
  String workingDirectory;
  String user;
  String author;
  List<String> shell;
  int vertex;
  private Optional<List<String>> command;
  private Optional<List<String>> entrypoint;
  private Optional<String> stopSignal;
  private final OptionalInt stopTimeout;
  private Optional<ProcessDefaults.Healthcheck> healthcheck;
  private boolean commandSet;
  private boolean hasDirectory;

  StageState(ProcessDefaults from, String author, Arguments arguments, int vertex) {
    this.environment = new Environment(from.env());
    this.arguments = arguments;
    this.labels = new TreeMap<>(from.labels());
    this.volumes = new TreeMap<>(from.volumes());
    this.ports = new TreeMap<>(from.exposedPorts());
    this.workingDirectory = from.workingDir().filter(dir -> !dir.isEmpty()).orElse("/");
    this.hasDirectory = from.workingDir().filter(dir -> !dir.isEmpty()).isPresent();
    this.user = from.user().orElse("");
    this.author = author;
    this.shell = from.shell();
    this.vertex = vertex;
    this.command = from.cmd();
    this.entrypoint = from.entrypoint();
    this.stopSignal = from.stopSignal();
    this.stopTimeout = from.stopTimeout();
    this.healthcheck = from.healthcheck();
  }

  /** A variable's value for expansion: ENV wins over ARG (reference, "Using ARG variables"). */
  Optional<String> variable(String name) {
    return environment.value(name).or(() -> arguments.value(name));
  }

  /** The command with the shell before it where the form needs one. */
  List<String> inShell(CommandLine line) {
    return switch (line) {
      case CommandLine.Exec exec -> exec.arguments();
      case CommandLine.Shell text -> {
        List<String> all = new ArrayList<>(shell.isEmpty() ? DEFAULT_SHELL : shell);
        all.add(text.text());
        yield List.copyOf(all);
      }
      case CommandLine.Script script -> List.of(Planner.SCRIPT_PATH);
    };
  }

  /** What is said is in the image, the root, too; of a base that says nothing nothing is. */
  void setDirectory(String path) {
    workingDirectory = path;
    hasDirectory = true;
  }

  /** The program that lines are given to. */
  String shell() {
    return (shell.isEmpty() ? DEFAULT_SHELL : shell).getFirst();
  }

  void setCommand(List<String> value) {
    command = Optional.of(value);
    commandSet = true;
  }

  /** A CMD of the base image belongs to the base's ENTRYPOINT, so it goes with it. */
  void setEntrypoint(List<String> value) {
    entrypoint = Optional.of(value);
    if (!commandSet) {
      command = Optional.empty();
    }
  }

  void setStopSignal(String signal) {
    stopSignal = Optional.of(signal);
  }

  void setHealthcheck(Healthcheck check) {
    healthcheck =
        Optional.of(
            new ProcessDefaults.Healthcheck(
                check.test(),
                check.interval().toNanos(),
                check.timeout().toNanos(),
                check.startPeriod().toNanos(),
                check.startInterval().toNanos(),
                check.retries()));
  }

  ProcessDefaults config() {
    return new ProcessDefaults(
        user.isEmpty() ? Optional.empty() : Optional.of(user),
        ports,
        environment.entries(),
        entrypoint,
        command,
        volumes,
        hasDirectory ? Optional.of(workingDirectory) : Optional.empty(),
        labels,
        stopSignal,
        stopTimeout,
        healthcheck,
        onBuild,
        shell);
  }
}
