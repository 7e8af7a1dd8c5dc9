package dev.kemas.engine;

import dev.kemas.container.Resources;
import dev.kemas.runtime.CreateRequest;
import dev.kemas.spec.HostFacts;
import java.nio.file.Path;
import java.util.List;

/**
 * How one engine is set up.
 *
 * @param dataRoot what must survive a reboot
 * @param instance tells this engine from others on the machine: 1 to 6 of a-z and 0-9
 * @param host what the machine allows
 * @param logLimits how much output of a container is kept unless it says otherwise
 * @param ulimits for containers that do not name theirs
 * @param shmSize bytes of /dev/shm for containers that do not say
 * @param init whether containers that do not say get an init process
 * @param cgroupParent the folder in each hierarchy that containers' cgroups are made in
 */
public record EngineSettings(
    Path dataRoot,
    String instance,
    HostFacts host,
    CreateRequest.LogLimits logLimits,
    List<Resources.Ulimit> ulimits,
    long shmSize,
    boolean init,
    String cgroupParent) {
  public EngineSettings {
    ulimits = List.copyOf(ulimits);
  }

  /** The defaults of an instance. */
  public static EngineSettings of(Path dataRoot, String instance, HostFacts host) {
    return new EngineSettings(
        dataRoot,
        instance,
        host,
        CreateRequest.LogLimits.DEFAULT,
        List.of(),
        0,
        false,
        "/kemas-" + instance);
  }
}
