package dev.kemas.api.server;

import dev.kemas.api.DiskUsage;
import java.util.Set;

/** What the endpoint about the disk needs. */
@FunctionalInterface
public interface DiskUsageBackend {
  /**
   * What the engine's data takes on the disk; of kinds that are not asked for nothing is counted.
   */
  DiskUsage usage(Set<DiskUsage.Kind> kinds);
}
