package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.spec.HostFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * How one engine is set up.
 *
 * @param dataRoot what must survive a reboot
 * @param instance tells this engine from others on the machine: 1 to 6 of a-z and 0-9
 * @param host what the machine allows
 * @param logConfig how output is kept for containers that do not say; the options are for its
 *     driver
 * @param ulimits for containers that do not name theirs
 * @param shmSize bytes of /dev/shm for containers that do not say
 * @param init whether containers that do not say get an init process
 * @param cgroupParent the folder in each hierarchy that containers' cgroups are made in
 */
public record EngineSettings(
    Path dataRoot,
    String instance,
    HostFacts host,
    HostConfig.LogConfig logConfig,
    List<Resources.Ulimit> ulimits,
    long shmSize,
    boolean init,
    String cgroupParent) {
  /** Docker's: files of JSON's name, with the default limits. */
  private static final HostConfig.LogConfig DEFAULT_LOG =
      new HostConfig.LogConfig("json-file", new TreeMap<>());

  /**
   * Checks the log's driver and options.
   *
   * @throws dev.kemas.fault.Fault.InvalidArgument for an unknown driver or option, or a bad value
   */
  public EngineSettings {
    ulimits = List.copyOf(ulimits);
    LogOptions.limits(logConfig);
  }

  /** The defaults of an instance. */
  public static EngineSettings of(Path dataRoot, String instance, HostFacts host) {
    return new EngineSettings(
        dataRoot, instance, host, DEFAULT_LOG, List.of(), 0, false, "/kemas-" + instance);
  }
}
