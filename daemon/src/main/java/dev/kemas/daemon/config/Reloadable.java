package dev.kemas.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of the configuration that SIGHUP changes while the daemon runs; all else waits for the
 * next start.
 *
 * @param runtimes names to paths of additional OCI runtimes
 * @param defaultRuntime empty: the engine chooses
 */
public record Reloadable(
    DaemonConfig.LogLevel logLevel,
    Map<String, String> runtimes,
    Optional<String> defaultRuntime,
    List<String> insecureRegistries,
    List<String> registryMirrors,
    DaemonConfig.Transfers transfers,
    DaemonConfig.ContentOptions content,
    List<String> labels) {
  /** That part of a configuration. */
  public static Reloadable of(DaemonConfig config) {
    return new Reloadable(
        config.logLevel(),
        config.runtimes(),
        config.defaultRuntime(),
        config.insecureRegistries(),
        config.registryMirrors(),
        config.transfers(),
        config.content(),
        config.labels());
  }
}
