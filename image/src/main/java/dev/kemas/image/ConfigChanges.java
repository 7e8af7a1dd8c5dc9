package dev.kemas.image;

import dev.kemas.dockerfile.CommandLine;
import dev.kemas.dockerfile.Expansion;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.fault.Fault;
import dev.kemas.oci.ProcessDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The instructions that {@code docker import --change} and {@code docker commit --change} take:
 * CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR.
 */
public final class ConfigChanges {
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
  private static final Expansion EXPANSION = new Expansion('\\');

  private final SortedMap<String, Map<String, Object>> ports;
  private final SortedMap<String, Map<String, Object>> volumes;
  private final SortedMap<String, String> labels;
  private final List<String> env;
  private final List<String> onBuild;
  private ProcessDefaults now;

  private ConfigChanges(ProcessDefaults before) {
    now = before;
    ports = new TreeMap<>(before.exposedPorts());
    volumes = new TreeMap<>(before.volumes());
    labels = new TreeMap<>(before.labels());
    env = new ArrayList<>(before.env());
    onBuild = new ArrayList<>(before.onBuild());
  }

  /**
   * Applies instructions one after the other.
   *
   * @throws Fault.InvalidArgument when one is malformed or not among those above
   */
  public static ProcessDefaults apply(ProcessDefaults before, List<String> changes) {
    ConfigChanges after = new ConfigChanges(before);
    for (String change : changes) {
      if (!change.isBlank()) {
        after.apply(Instruction.parse("change", change));
      }
    }
    return after.result();
  }

  private void apply(Instruction instruction) {
    switch (instruction) {
      case Instruction.Cmd cmd -> with(now.entrypoint(), Optional.of(command(cmd.command())));
      case Instruction.Entrypoint entry -> with(Optional.of(command(entry.command())), now.cmd());
      case Instruction.Env set ->
          set.pairs().forEach(p -> putEnv(expand(p.name()), expand(p.value())));
      case Instruction.Label set ->
          set.pairs().forEach(p -> labels.put(expand(p.name()), expand(p.value())));
      case Instruction.Expose expose ->
          expose.ports().forEach(p -> ports.put(port(expand(p)), Map.of()));
      case Instruction.Volume volume ->
          volume.paths().forEach(p -> volumes.put(expand(p), Map.of()));
      case Instruction.OnBuild trigger -> onBuild.add(trigger.trigger());
      case Instruction.User user -> set(Optional.of(expand(user.user())), now.workingDir());
      case Instruction.Workdir dir ->
          set(now.user(), Optional.of(workingDirectory(expand(dir.path()))));
      case Instruction.StopSignal signal ->
          stopping(Optional.of(expand(signal.signal())), now.healthcheck());
      case Instruction.Healthcheck check -> stopping(now.stopSignal(), Optional.of(check(check)));
      case Instruction.From i -> throw refused(i);
      case Instruction.Run i -> throw refused(i);
      case Instruction.Arg i -> throw refused(i);
      case Instruction.Shell i -> throw refused(i);
      case Instruction.Maintainer i -> throw refused(i);
      case Instruction.Transfer i -> throw refused(i);
    }
  }

  private static Fault.InvalidArgument refused(Instruction instruction) {
    return new Fault.InvalidArgument(
        instruction.node().keyword().toUpperCase(Locale.ROOT)
            + " is not a valid change command: want CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK,"
            + " LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or WORKDIR");
  }

  private String expand(String text) {
    return EXPANSION.word(text, this::variable);
  }

  private Optional<String> variable(String name) {
    return env.stream()
        .filter(e -> e.startsWith(name + "="))
        .map(e -> e.substring(name.length() + 1))
        .findFirst();
  }

  private void putEnv(String name, String value) {
    env.removeIf(e -> e.startsWith(name + "="));
    env.add(name + "=" + value);
  }

  private static String port(String text) {
    return text.contains("/") ? text : text + "/tcp";
  }

  private String workingDirectory(String path) {
    return path.startsWith("/")
        ? path
        : java.nio.file.Path.of(now.workingDir().orElse("/"), path).normalize().toString();
  }

  private List<String> command(CommandLine line) {
    return switch (line) {
      case CommandLine.Exec exec -> exec.arguments();
      case CommandLine.Shell text -> {
        List<String> all = new ArrayList<>(now.shell().isEmpty() ? DEFAULT_SHELL : now.shell());
        all.add(text.text());
        yield List.copyOf(all);
      }
      case CommandLine.Script script ->
          throw new Fault.InvalidArgument("a change cannot hold a script: " + script.text());
    };
  }

  private static ProcessDefaults.Healthcheck check(Instruction.Healthcheck check) {
    return new ProcessDefaults.Healthcheck(
        check.test(),
        check.interval().toNanos(),
        check.timeout().toNanos(),
        check.startPeriod().toNanos(),
        check.startInterval().toNanos(),
        check.retries());
  }

  private void with(Optional<List<String>> entrypoint, Optional<List<String>> cmd) {
    now = copy(now.user(), entrypoint, cmd, now.workingDir(), now.stopSignal(), now.healthcheck());
  }

  private void set(Optional<String> user, Optional<String> workingDir) {
    now = copy(user, now.entrypoint(), now.cmd(), workingDir, now.stopSignal(), now.healthcheck());
  }

  private void stopping(
      Optional<String> signal, Optional<ProcessDefaults.Healthcheck> healthcheck) {
    now = copy(now.user(), now.entrypoint(), now.cmd(), now.workingDir(), signal, healthcheck);
  }

  private ProcessDefaults result() {
    return copy(
        now.user(),
        now.entrypoint(),
        now.cmd(),
        now.workingDir(),
        now.stopSignal(),
        now.healthcheck());
  }

  private ProcessDefaults copy(
      Optional<String> user,
      Optional<List<String>> entrypoint,
      Optional<List<String>> cmd,
      Optional<String> workingDir,
      Optional<String> stopSignal,
      Optional<ProcessDefaults.Healthcheck> healthcheck) {
    return new ProcessDefaults(
        user,
        ports,
        env,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        now.stopTimeout(),
        healthcheck,
        onBuild,
        now.shell());
  }
}
