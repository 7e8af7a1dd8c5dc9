package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import dev.kemas.text.GoDurations;
import java.util.ArrayList;
import java.util.List;

/**
 * From the command line of {@code run} and {@code create} to the body of the create request (Engine
 * API, ContainerCreate). What is not given is not sent: the engine knows the defaults.
 */
final class CreateSpec {
  private final Session session;
  private final Flags flags;
  private final boolean detached;
  private final Json.Obj config = Json.object();

  private CreateSpec(Session session, Flags flags, boolean detached) {
    this.session = session;
    this.flags = flags;
    this.detached = detached;
  }

  /** The body. Throws {@link UsageError} that names what is wrong. */
  static Json.Obj of(Session session, Flags flags, boolean detached) {
    return new CreateSpec(session, flags, detached).build();
  }

  private Json.Obj build() {
    process();
    streams();
    PublishedPorts ports = PublishedPorts.of(flags.all("publish"), flags.all("expose"));
    if (!ports.exposed().fields().isEmpty()) {
      config.put("ExposedPorts", ports.exposed());
    }
    Json.Obj anonymous = Json.object();
    List<String> binds = VolumeSpecs.split(flags.all("volume"), anonymous);
    if (!anonymous.fields().isEmpty()) {
      config.put("Volumes", anonymous);
    }
    health();
    Json.Obj labels =
        Pairs.of(EnvironmentFiles.merged(session, flags.all("label-file"), flags.all("label")));
    if (!labels.fields().isEmpty()) {
      config.put("Labels", labels);
    }
    NetworkSpecs networks = NetworkSpecs.of(flags);
    Json.Obj host = HostSpec.of(flags, networks.mode(), ports, binds);
    config.put("HostConfig", host);
    if (!networks.endpoints().fields().isEmpty()) {
      config.put("NetworkingConfig", Json.object().put("EndpointsConfig", networks.endpoints()));
    }
    return config;
  }

  private void process() {
    List<String> words = flags.arguments();
    config.put("Image", words.getFirst());
    if (words.size() > 1) {
      config.put("Cmd", words.subList(1, words.size()));
    }
    if (flags.isSet("entrypoint")) {
      config.put("Entrypoint", List.of(flags.text("entrypoint")));
    }
    List<String> environment =
        EnvironmentFiles.resolved(session, flags.all("env-file"), flags.all("env"));
    if (!environment.isEmpty()) {
      config.put("Env", environment);
    }
    text("Hostname", "hostname");
    text("Domainname", "domainname");
    text("User", "user");
    text("WorkingDir", "workdir");
    text("StopSignal", "stop-signal");
    if (flags.isSet("stop-timeout")) {
      config.put("StopTimeout", flags.number("stop-timeout"));
    }
    // the place of the address up to API 1.43; newer engines read the endpoint's
    text("MacAddress", "mac-address");
  }

  private void text(String field, String option) {
    if (!flags.text(option).isEmpty()) {
      config.put(field, flags.text(option));
    }
  }

  private void streams() {
    boolean interactive = flags.isOn("interactive");
    List<String> wanted = new ArrayList<>();
    for (String stream : flags.all("attach")) {
      String lower = stream.toLowerCase(java.util.Locale.ROOT);
      if (!lower.equals("stdin") && !lower.equals("stdout") && !lower.equals("stderr")) {
        throw new UsageError(
            "invalid argument \""
                + stream
                + "\" for \"-a, --attach\" flag: valid streams are STDIN, STDOUT and STDERR");
      }
      wanted.add(lower);
    }
    if (wanted.isEmpty() && !detached) {
      wanted.addAll(List.of("stdout", "stderr"));
      if (interactive) {
        wanted.add("stdin");
      }
    }
    config.put("AttachStdin", wanted.contains("stdin"));
    config.put("AttachStdout", wanted.contains("stdout"));
    config.put("AttachStderr", wanted.contains("stderr"));
    config.put("Tty", flags.isOn("tty"));
    config.put("OpenStdin", interactive);
    config.put("StdinOnce", interactive && wanted.contains("stdin"));
  }

  private void health() {
    Json.Obj check = Json.object();
    if (flags.isOn("no-healthcheck")) {
      if (flags.isSet("health-cmd") || flags.isSet("health-interval")) {
        throw new UsageError("--no-healthcheck conflicts with --health-* options");
      }
      config.put("Healthcheck", check.put("Test", List.of("NONE")));
      return;
    }
    if (flags.isSet("health-cmd")) {
      check.put("Test", List.of("CMD-SHELL", flags.text("health-cmd")));
    }
    duration(check, "Interval", "health-interval");
    duration(check, "Timeout", "health-timeout");
    duration(check, "StartPeriod", "health-start-period");
    duration(check, "StartInterval", "health-start-interval");
    if (flags.isSet("health-retries")) {
      check.put("Retries", flags.number("health-retries"));
    }
    if (!check.fields().isEmpty()) {
      config.put("Healthcheck", check);
    }
  }

  private void duration(Json.Obj check, String field, String option) {
    if (flags.isSet(option)) {
      check.put(field, GoDurations.require(option, flags.text(option)));
    }
  }
}
