package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import dev.kemas.oci.ProcessDefaults;
import dev.kemas.oci.ProcessDefaults.Healthcheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a request and an image make together, and whether it can be: Docker's rules. Pure. */
final class NewContainer {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final Pattern HOSTNAME = Pattern.compile("[a-zA-Z0-9_.-]{1,63}");
  private static final long LEAST_MEMORY = 6L * 1024 * 1024;
  private static final long NANO = 1_000_000_000;
  private static final Set<String> POLICIES =
      Set.of("", "no", "always", "unless-stopped", "on-failure");

  private NewContainer() {}

  /** The request with the image's defaults where it says nothing. */
  static ContainerConfig merge(
      ContainerConfig asked, ProcessDefaults image, String id, boolean hostNetwork) {
    boolean ownEntrypoint = asked.entrypoint().isPresent();
    Optional<List<String>> entrypoint = ownEntrypoint ? asked.entrypoint() : image.entrypoint();
    // an entrypoint of the user's own makes the image's command meaningless
    Optional<List<String>> cmd =
        asked.cmd().filter(c -> !c.isEmpty()).isPresent() || ownEntrypoint
            ? asked.cmd()
            : image.cmd();
    if (entrypoint.equals(Optional.of(List.of("")))) {
      entrypoint = Optional.empty();
    }
    return new ContainerConfig(
        hostname(asked, id, hostNetwork),
        asked.domainname(),
        asked.user().isEmpty() ? image.user().orElse("") : asked.user(),
        asked.attachStdin(),
        asked.attachStdout(),
        asked.attachStderr(),
        union(image.exposedPorts(), asked.exposedPorts()),
        asked.tty(),
        asked.openStdin(),
        asked.stdinOnce(),
        environment(image.env(), asked.env()),
        cmd,
        healthcheck(asked.healthcheck(), image.healthcheck()),
        asked.argsEscaped(),
        asked.image(),
        union(image.volumes(), asked.volumes()),
        asked.workingDir().isEmpty() ? image.workingDir().orElse("") : asked.workingDir(),
        entrypoint,
        asked.networkDisabled(),
        asked.macAddress(),
        asked.onBuild(),
        union(image.labels(), asked.labels()),
        asked.stopSignal().isPresent() ? asked.stopSignal() : image.stopSignal(),
        asked.stopTimeout().isPresent() ? asked.stopTimeout() : image.stopTimeout(),
        asked.shell().isEmpty() ? image.shell() : asked.shell());
  }

  private static String hostname(ContainerConfig asked, String id, boolean hostNetwork) {
    if (!asked.hostname().isEmpty()) {
      return asked.hostname();
    }
    return hostNetwork ? HostDefaults.hostname() : id.substring(0, 12);
  }

  /** Also of a check each field that was not asked for is the image's. */
  private static Optional<Healthcheck> healthcheck(
      Optional<Healthcheck> asked, Optional<Healthcheck> image) {
    if (asked.isEmpty() || image.isEmpty()) {
      return asked.or(() -> image);
    }
    Healthcheck above = asked.get();
    Healthcheck below = image.get();
    return Optional.of(
        new Healthcheck(
            above.test().isEmpty() ? below.test() : above.test(),
            above.interval() == 0 ? below.interval() : above.interval(),
            above.timeout() == 0 ? below.timeout() : above.timeout(),
            above.startPeriod() == 0 ? below.startPeriod() : above.startPeriod(),
            above.startInterval() == 0 ? below.startInterval() : above.startInterval(),
            above.retries() == 0 ? below.retries() : above.retries()));
  }

  private static <V> SortedMap<String, V> union(Map<String, V> below, Map<String, V> above) {
    SortedMap<String, V> all = new TreeMap<>(below);
    all.putAll(above);
    return all;
  }

  private static List<String> environment(List<String> image, List<String> asked) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (List<String> list : List.of(image, asked)) {
      for (String entry : list) {
        int is = entry.indexOf('=');
        if (is == 0 || entry.isEmpty()) {
          throw new Fault.InvalidArgument("invalid environment variable: " + entry);
        }
        byName.put(is < 0 ? entry : entry.substring(0, is), entry);
      }
    }
    // a name without a value takes the variable away again
    byName.values().removeIf(entry -> entry.indexOf('=') < 0);
    return List.copyOf(byName.values());
  }

  /** The whole command; never empty. */
  static List<String> command(ContainerConfig merged) {
    List<String> words = new ArrayList<>(merged.entrypoint().orElse(List.of()));
    words.addAll(merged.cmd().orElse(List.of()));
    if (words.isEmpty()) {
      throw new Fault.InvalidArgument("no command specified");
    }
    return words;
  }

  /**
   * Checks a name.
   *
   * @throws Fault.InvalidArgument with Docker's text
   */
  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new Fault.InvalidArgument(
          "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
  }

  /** Checks what can be checked without looking at the machine. */
  static void require(ContainerConfig config, HostConfig host, int processors) {
    if (!config.hostname().isEmpty() && !HOSTNAME.matcher(config.hostname()).matches()) {
      throw new Fault.InvalidArgument("invalid hostname format: " + config.hostname());
    }
    if (!config.workingDir().isEmpty() && !config.workingDir().startsWith("/")) {
      throw new Fault.InvalidArgument(
          "the working directory '"
              + config.workingDir()
              + "' is invalid, it needs to be an absolute path");
    }
    config.stopSignal().ifPresent(Signal::parse);
    requireRestartPolicy(host.restartPolicy());
    if (host.restartPolicy().restarts() && host.autoRemove()) {
      throw new Fault.InvalidArgument("can't create 'AutoRemove' container with restart policy");
    }
    requireResources(host.resources(), processors);
    host.portBindings().forEach((port, list) -> list.forEach(b -> NetworkPlan.request(port, b)));
    config
        .exposedPorts()
        .keySet()
        .forEach(port -> NetworkPlan.request(port, new HostConfig.PortBinding("", "")));
    if (host.networkMode().startsWith("container:") && !host.portBindings().isEmpty()) {
      throw new Fault.InvalidArgument(
          "conflicting options: port publishing and the container type network mode");
    }
    if (!host.links().isEmpty()) {
      throw new Fault.Unsupported(
          "links are not supported: put the containers on a user-defined network, where names"
              + " resolve");
    }
    if (!host.usernsMode().isEmpty() && !host.usernsMode().equals("host")) {
      throw new Fault.InvalidArgument("invalid userns mode: " + host.usernsMode());
    }
    if (!host.resources().deviceRequests().isEmpty()) {
      throw new Fault.Unsupported(
          "could not select device driver \"\" with capabilities: [[gpu]]: this engine has no"
              + " device driver yet");
    }
  }

  static void requireRestartPolicy(HostConfig.RestartPolicy policy) {
    if (!POLICIES.contains(policy.name())) {
      throw new Fault.InvalidArgument(
          "invalid restart policy: unknown policy '"
              + policy.name()
              + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }
    if (policy.maximumRetryCount() != 0 && !policy.name().equals("on-failure")) {
      throw new Fault.InvalidArgument(
          "invalid restart policy: maximum retry count can only be used with 'on-failure'");
    }
    if (policy.maximumRetryCount() < 0) {
      throw new Fault.InvalidArgument(
          "invalid restart policy: maximum retry count cannot be negative");
    }
  }

  static void requireResources(Resources resources, int processors) {
    if (resources.memory() != 0 && resources.memory() < LEAST_MEMORY) {
      throw new Fault.InvalidArgument("Minimum memory limit allowed is 6MB");
    }
    if (resources.memorySwap() > 0 && resources.memory() <= 0) {
      throw new Fault.InvalidArgument(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (resources.memorySwap() > 0 && resources.memorySwap() < resources.memory()) {
      throw new Fault.InvalidArgument(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (resources.nanoCpus() < 0 || resources.nanoCpus() > processors * NANO) {
      throw new Fault.InvalidArgument(
          "range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available"
              .formatted(processors, processors));
    }
    if (resources.nanoCpus() > 0 && (resources.cpuQuota() > 0 || resources.cpuPeriod() > 0)) {
      throw new Fault.InvalidArgument(
          "Conflicting options: Nano CPUs and CPU Period cannot both be set");
    }
    if (resources.blkioWeight() != 0
        && (resources.blkioWeight() < 10 || resources.blkioWeight() > 1000)) {
      throw new Fault.InvalidArgument("Range of blkio weight is from 10 to 1000");
    }
  }
}
